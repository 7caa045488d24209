import { Button, Card, Dialog, Flex, Grid, Heading, Text, TextArea, TextField } from "@radix-ui/themes";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { LibraryBig, Plus } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Link, useLocation } from "wouter";
import { get, post } from "../api";
import { useWords } from "../i18n";
import { Ago } from "../parts/Ago";
import { Labelled } from "../parts/controls";
import { PageHead } from "../parts/headings";
import { sum } from "../parts/kindCounts";
import { useNotes } from "../parts/notes";
import { Empty, Shown } from "../parts/states";
import type { KnowledgeBase } from "../types";

export const useKnowledgeBases = () =>
  useQuery({
    queryKey: ["knowledge"],
    queryFn: ({ signal }) => get<KnowledgeBase[]>("console/knowledgebases", signal),
  });

export default function Knowledge() {
  const t = useWords();
  const query = useKnowledgeBases();
  return (
    <>
      <PageHead title={t.knowledge.title} lead={t.knowledge.lead}>
        <Create />
      </PageHead>
      <Shown query={query}>
        {(bases) =>
          bases.length === 0 ? (
            <Empty title={t.knowledge.empty} hint={t.knowledge.emptyHint} icon={LibraryBig} />
          ) : (
            <Grid columns={{ initial: "1", sm: "2", lg: "3" }} gap="4">
              {bases.map((base) => (
                <Card key={base.id} size="3" className="memory-card">
                  <Heading as="h2" size="4" className="wrap">
                    <Link href={`/knowledge/${base.id}`} className="cover">
                      {base.name}
                    </Link>
                  </Heading>
                  <Text as="p" color="gray" className="two-lines">
                    {base.description}
                  </Text>
                  <Text size="2" color="gray" className="memory-foot">
                    {t.common.files(sum(base.files))} · <Ago at={base.created_at} />
                  </Text>
                </Card>
              ))}
            </Grid>
          )
        }
      </Shown>
    </>
  );
}

function Create() {
  const t = useWords();
  const { fail } = useNotes();
  const [, go] = useLocation();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const create = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const { id } = await post<{ id: string }>("create/knowledgebase", {
        knowledgebase_name: name.trim(),
        knowledgebase_description: description.trim(),
      });
      await queries.invalidateQueries({ queryKey: ["knowledge"] });
      go(`/knowledge/${id}`);
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Dialog.Root>
      <Dialog.Trigger>
        <Button>
          <Plus size={16} aria-hidden />
          {t.knowledge.create}
        </Button>
      </Dialog.Trigger>
      <Dialog.Content maxWidth="440px" aria-describedby={undefined}>
        <Dialog.Title>{t.knowledge.create}</Dialog.Title>
        <form onSubmit={(event) => void create(event)}>
          <Flex direction="column" gap="4">
            <Labelled label={t.knowledge.name}>
              <TextField.Root value={name} required onChange={(event) => setName(event.target.value)} />
            </Labelled>
            <Labelled label={t.knowledge.description}>
              <TextArea value={description} onChange={(event) => setDescription(event.target.value)} />
            </Labelled>
            <Flex gap="3" justify="end">
              <Dialog.Close>
                <Button type="button" variant="soft" color="gray" highContrast>
                  {t.common.cancel}
                </Button>
              </Dialog.Close>
              <Button type="submit" disabled={!name.trim()}>
                {t.knowledge.create}
              </Button>
            </Flex>
          </Flex>
        </form>
      </Dialog.Content>
    </Dialog.Root>
  );
}
