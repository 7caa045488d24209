import { Badge, Button, Flex, IconButton, Text, TextField } from "@radix-ui/themes";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { FileText, Search as Lens, Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { Link, useLocation } from "wouter";
import { post, upload } from "../api";
import { useWords } from "../i18n";
import { Confirm, Pager } from "../parts/controls";
import { DropFiles } from "../parts/DropFiles";
import { PageHead, Section } from "../parts/headings";
import { Relevance } from "../parts/items";
import { textOf } from "../parts/itemTexts";
import { useNotes } from "../parts/notes";
import { Empty, Shown } from "../parts/states";
import { HowFar, useTask } from "../parts/TaskView";
import { useBusy } from "../parts/useBusy";
import type { Found, KnowledgeFile } from "../types";
import { useKnowledgeBases } from "./Knowledge";
import "../styles/tasks.css";

/** The name under which the console asks knowledge bases, which belong to no user. */
const ASKER = "console";
/** Documents on a page. */
const FILES = 50;
const COLOURS = { running: "blue", completed: "green", failed: "red" } as const;

export default function KnowledgeBase({ id }: { id: string }) {
  const t = useWords();
  const { say, fail } = useNotes();
  const [, go] = useLocation();
  const bases = useKnowledgeBases();
  const base = bases.data?.find((each) => each.id === id);
  const remove = async () => {
    try {
      await post("delete/knowledgebase", { knowledgebase_id: id });
      say(t.memory.deleted);
      await bases.refetch();
      go("/knowledge");
    } catch (error) {
      fail(error);
    }
  };
  return (
    <>
      <PageHead title={base?.name ?? t.memory.knowledgeBase} lead={base?.description}>
        <Confirm
          title={t.knowledge.deleteTitle(base?.name ?? "")}
          text={t.knowledge.deleteText}
          action={t.common.delete}
          onConfirm={() => void remove()}
        >
          <Button variant="soft" color="red" highContrast>
            <Trash2 size={16} aria-hidden />
            {t.common.delete}
          </Button>
        </Confirm>
      </PageHead>
      <Documents id={id} />
      <SearchIn id={id} />
    </>
  );
}

function Documents({ id }: { id: string }) {
  const t = useWords();
  const { fail } = useNotes();
  const [busy, run] = useBusy();
  const queries = useQueryClient();
  const [page, setPage] = useState(1);
  const query = useQuery({
    queryKey: ["files", id, page],
    queryFn: ({ signal }) =>
      post<{ file_detail_list: KnowledgeFile[]; total: number }>(
        "get/knowledgebase-file",
        { knowledgebase_id: id, page, page_size: FILES },
        signal,
      ),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.file_detail_list.some((file) => file.status === "running") ? 2_000 : false,
  });
  const add = async (files: File[]) => {
    const form = new FormData();
    form.append("knowledgebase_id", id);
    for (const file of files) form.append("file", file);
    await run(() => upload("add/knowledgebase-file", form));
    await queries.invalidateQueries();
  };
  const remove = async (file: KnowledgeFile) => {
    try {
      await post("delete/knowledgebase-file", { file_ids: [file.id], knowledgebase_id: id });
      if (page > 1 && query.data?.file_detail_list.length === 1) setPage(page - 1);
      await queries.invalidateQueries();
    } catch (error) {
      fail(error);
    }
  };
  return (
    <Section title={t.tasks.files}>
      <DropFiles busy={busy} onFiles={(files) => void add(files)} />
      <Shown query={query}>
        {({ file_detail_list: files, total }) =>
          files.length === 0 && page === 1 ? (
            <Empty title={t.knowledge.noFiles} icon={FileText} />
          ) : (
            <>
              <ul className="plain-list files">
                {files.map((file) => (
                  <FileRow key={file.id} file={file} onDelete={() => void remove(file)} />
                ))}
              </ul>
              <Pager page={page} pages={Math.ceil(total / FILES)} onPage={setPage} />
            </>
          )
        }
      </Shown>
    </Section>
  );
}

function FileRow({ file, onDelete }: { file: KnowledgeFile; onDelete: () => void }) {
  const t = useWords();
  return (
    <li>
      <FileText size={18} aria-hidden />
      <span className="grow wrap">
        {file.task_id ? <Link href={`/tasks/${file.task_id}`}>{file.name}</Link> : file.name}
        {file.error_message && (
          <Text as="div" size="2" color="red">
            {file.error_message}
          </Text>
        )}
        {file.status === "running" && file.task_id && <FileProgress id={file.task_id} />}
      </span>
      <Text size="2" color="gray" className="figure">
        {file.size === "0.00MB" ? "< 0.01 MB" : file.size.replace("MB", " MB")}
      </Text>
      <Badge color={COLOURS[file.status as keyof typeof COLOURS] ?? "gray"} highContrast>
        {t.knowledge.status[file.status] ?? file.status}
      </Badge>
      <Confirm
        title={t.knowledge.deleteFileTitle}
        text={t.knowledge.deleteFileText}
        action={t.common.delete}
        onConfirm={onDelete}
      >
        <IconButton variant="ghost" color="gray" highContrast aria-label={t.knowledge.deleteFile(file.name)}>
          <Trash2 size={16} />
        </IconButton>
      </Confirm>
    </li>
  );
}

function FileProgress({ id }: { id: string }) {
  const { data: task } = useTask(id);
  return task ? <HowFar task={task} /> : null;
}

function SearchIn({ id }: { id: string }) {
  const t = useWords();
  const [text, setText] = useState("");
  const [question, setQuestion] = useState("");
  const query = useQuery({
    queryKey: ["search in", id, question],
    enabled: Boolean(question),
    queryFn: ({ signal }) =>
      post<Found>(
        "search/memory",
        {
          user_id: ASKER,
          query: question,
          knowledgebase_ids: [id],
          memory_limit_number: 10,
          relativity: 0.2,
        },
        signal,
      ),
  });
  const search = (event: FormEvent) => {
    event.preventDefault();
    setQuestion(text.trim());
  };
  return (
    <Section title={t.knowledge.searchIn}>
      <form onSubmit={search} role="search">
        <Flex gap="2" className="ask">
          <TextField.Root
            className="grow"
            aria-label={t.knowledge.searchIn}
            placeholder={t.knowledge.searchHint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="submit" disabled={!text.trim()}>
            <Lens size={16} aria-hidden />
            {t.search.run}
          </Button>
        </Flex>
      </form>
      {question && (
        <Shown query={query}>
          {(found) => {
            const items = [...found.memory_detail_list, ...found.preference_detail_list];
            return items.length === 0 ? (
              <Empty title={t.knowledge.noMatch} icon={Lens} />
            ) : (
              <ul className="plain-list">
                {items.map((item) => (
                  <li key={item.id}>
                    <Link href={`/memories/${item.id}`} className="grow wrap">
                      {textOf(item)}
                    </Link>
                    <Relevance value={item.relativity ?? 0} />
                  </li>
                ))}
              </ul>
            );
          }}
        </Shown>
      )}
    </Section>
  );
}
