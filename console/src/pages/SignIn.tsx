import { Button, Callout, Card, Flex, Heading, Text, TextField } from "@radix-ui/themes";
import { CircleAlert, KeyRound } from "lucide-react";
import { useEffect, useState, type FormEvent } from "react";
import { checkKey, storeKey } from "../api";
import { useLocale } from "../i18n";
import { Labelled } from "../parts/controls";
import { problemText } from "../parts/problem";
import { useBusy } from "../parts/useBusy";

/** A server with SOUVENIR_AUTH=false takes any. */
const NO_KEY = "none";

export function SignIn({ refused }: { refused: boolean }) {
  const { t, language, choose } = useLocale();
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState(refused ? t.problem.wrongKey : "");
  const [busy, run] = useBusy((error) => setProblem(problemText(error, t)));
  useEffect(() => {
    document.title = "Souvenir";
  }, []);
  const open = async () => {
    const given = key.trim() || NO_KEY;
    await checkKey(given);
    storeKey(given);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(open);
  };
  return (
    <main className="sign-in">
      <Card size="4" className="sign-in-card">
        <form onSubmit={submit}>
          <Flex direction="column" gap="5">
            <Flex align="center" gap="3">
              <img src="/console/icon.svg" alt="" width={44} height={44} />
              <div>
                <Heading as="h1" size="6">
                  {t.signIn.title}
                </Heading>
                <Text size="2" color="gray">
                  {t.signIn.lead}
                </Text>
              </div>
            </Flex>
            {problem && (
              <Callout.Root color="red" role="alert" size="1" highContrast>
                <Callout.Icon>
                  <CircleAlert size={16} />
                </Callout.Icon>
                <Callout.Text>{problem}</Callout.Text>
              </Callout.Root>
            )}
            <Labelled label={t.signIn.key} hint={t.signIn.hint}>
              <TextField.Root
                type="password"
                size="3"
                value={key}
                autoFocus
                autoComplete="off"
                placeholder="mpg-…"
                onChange={(event) => setKey(event.target.value)}
              >
                <TextField.Slot>
                  <KeyRound size={16} aria-hidden />
                </TextField.Slot>
              </TextField.Root>
            </Labelled>
            <Button type="submit" size="3" loading={busy}>
              {t.signIn.button}
            </Button>
            <Flex justify="between" align="center" gap="3">
              <Text size="1" color="gray">
                {t.signIn.where}
              </Text>
              <Button
                type="button"
                variant="ghost"
                size="1"
                highContrast
                lang={language === "en" ? "zh-CN" : "en"}
                aria-label={t.nav.languageLabel}
                onClick={() => choose(language === "en" ? "zh" : "en")}
              >
                {t.nav.language}
              </Button>
            </Flex>
          </Flex>
        </form>
      </Card>
    </main>
  );
}
