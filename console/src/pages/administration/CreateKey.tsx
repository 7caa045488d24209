import { Button, Dialog, Flex, Switch, Text, TextField } from "@radix-ui/themes";
import { Plus } from "lucide-react";
import { useState, type FormEvent } from "react";
import { post } from "../../api";
import { useWords } from "../../i18n";
import { Choice, Labelled, PickOne } from "../../parts/controls";
import { useBusy } from "../../parts/useBusy";
import { SCOPES, type MadeKey, type Scope } from "../../types";

const DAYS = ["0", "7", "30", "90", "365"] as const;
const DAY_MS = 86_400_000;

interface CreateKeyProps {
  project: string;
  onMade: (key: MadeKey) => void;
}

export function CreateKey({ project, onMade }: CreateKeyProps) {
  const t = useWords();
  const [open, setOpen] = useState(false);
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger>
        <Button>
          <Plus size={16} aria-hidden />
          {t.administration.create}
        </Button>
      </Dialog.Trigger>
      <Dialog.Content maxWidth="460px" aria-describedby={undefined}>
        <Dialog.Title>{t.administration.create}</Dialog.Title>
        <Form
          project={project}
          onMade={(key) => {
            setOpen(false);
            onMade(key);
          }}
        />
      </Dialog.Content>
    </Dialog.Root>
  );
}

type Reach = "all" | "user" | "agent";

function Form({ project, onMade }: CreateKeyProps) {
  const t = useWords();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read", "write"]);
  const [reach, setReach] = useState<Reach>("all");
  const [owner, setOwner] = useState("");
  const [days, setDays] = useState<string>(DAYS[0]);
  const [busy, run] = useBusy();
  const allowed = SCOPES.filter((scope) => reach === "all" || scope !== "admin");
  const wanted = allowed.filter((scope) => scopes.includes(scope));
  const ready = name.trim() && wanted.length && (reach === "all" || owner.trim());
  const turn = (scope: Scope, on: boolean) =>
    setScopes((before) => (on ? [...before, scope] : before.filter((each) => each !== scope)));
  const create = async () => {
    const key = await post<MadeKey>("project/keys", {
      name: name.trim(),
      scopes: wanted,
      project,
      ...(reach === "all" ? {} : { [`${reach}_id`]: owner.trim() }),
      ...(days === "0" ? {} : { expires_at: Date.now() + Number(days) * DAY_MS }),
    });
    onMade(key);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(create);
  };
  return (
    <form onSubmit={submit}>
      <Flex direction="column" gap="4">
        <Labelled label={t.administration.name}>
          <TextField.Root
            value={name}
            required
            maxLength={100}
            placeholder={t.administration.nameHint}
            onChange={(event) => setName(event.target.value)}
          />
        </Labelled>
        <div role="group" aria-label={t.administration.reach} className="labelled">
          <Text as="span" size="2" weight="medium">
            {t.administration.reach}
          </Text>
          <Choice
            label={t.administration.reach}
            value={reach}
            options={(["all", "user", "agent"] as const).map((each) => [
              each,
              t.administration.reaches[each],
            ])}
            onChange={setReach}
          />
          {reach !== "all" && (
            <TextField.Root
              aria-label={t.administration.ownerId}
              value={owner}
              required
              maxLength={100}
              placeholder={t.administration.ownerId}
              autoComplete="off"
              onChange={(event) => setOwner(event.target.value)}
            />
          )}
        </div>
        <div role="group" aria-label={t.administration.scopes} className="labelled">
          <Text as="span" size="2" weight="medium">
            {t.administration.scopes}
          </Text>
          {allowed.map((scope) => (
            <Text as="label" size="2" key={scope}>
              <Flex gap="3" align="center">
                <Switch checked={scopes.includes(scope)} onCheckedChange={(on) => turn(scope, on)} />
                <span>
                  {t.administration.scopeNames[scope]}
                  <Text as="div" size="1" color="gray">
                    {t.administration.scopesAbout[scope]}
                  </Text>
                </span>
              </Flex>
            </Text>
          ))}
        </div>
        <PickOne
          label={t.administration.expires}
          value={days}
          options={DAYS.map((each) => [
            each,
            each === "0" ? t.administration.never : t.administration.inDays(Number(each)),
          ])}
          onChange={setDays}
        />
        <Flex gap="3" justify="end">
          <Dialog.Close>
            <Button type="button" variant="soft" color="gray" highContrast>
              {t.common.cancel}
            </Button>
          </Dialog.Close>
          <Button type="submit" loading={busy} disabled={!ready}>
            {t.administration.create}
          </Button>
        </Flex>
      </Flex>
    </form>
  );
}
