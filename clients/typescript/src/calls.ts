/** Every request as a value: what to send and how to read the answer. Pure. */

import { fileData, nameOf, type FileSource } from "./files.js";
import {
  asMessages,
  foundOf,
  taskOf,
  type Call,
  type Json,
  type Messages,
  type Task,
} from "./values.js";
import type { Routes } from "./wire.js";

type Route = keyof Routes;
type Body<R extends Route> = Routes[R]["request"];
type Data<R extends Route> = Routes[R]["data"];

/** Fields of a request that the caller may give besides what a method names itself. */
type Rest<R extends Route, Named extends string> = Omit<Body<R>, Named> & More;

/** Fields that this version of the client does not know; they are sent as they are. */
interface More {
  more?: Json;
}

export type AddOptions = Rest<"/add/message", "messages" | "async_mode" | "asyncMode"> & {
  /** The answer comes when the memories can be found; files, and what takes long, are answered `running` all the same. */
  wait?: boolean;
  /** Under one key they are stored once (default: a new key). */
  idempotencyKey?: string;
};
export type SearchOptions = Rest<"/search/memory", "query">;
export type ChatOptions = Rest<"/chat", "query" | "stream">;
export type GetOptions = Rest<"/get/message", never>;
export type MemoriesOptions = Rest<"/get/memory", never>;
export type DeleteOptions = Rest<"/delete/memory", "memory_ids">;
export type UpdateOptions = Rest<"/update/memory", "memory_id">;
export type RateOptions = Rest<"/rate/memory", "memory_ids" | "thumb">;
export type FeedbackOptions = Rest<"/add/feedback", "feedback_content">;
export type ExtractOptions = Rest<"/extract/memory", "messages">;
export type RerankOptions = Rest<"/rerank", "query" | "documents">;
export type ExportOptions = Rest<"/export/memory", "user_id">;
export type TasksOptions = Rest<"/tasks", never>;
export type FilesOptions = Rest<"/get/knowledgebase-file", never>;

/** Remember messages. */
export function add(messages: Messages, options: AddOptions): Call<Task> {
  const { wait = false, idempotencyKey, ...fields } = options;
  const body = { ...fields, messages: asMessages(messages), async_mode: !wait };
  const headers = idempotencyKey ? { "Idempotency-Key": idempotencyKey } : newIdempotencyKey();
  return post("/add/message", body, taskOf, { headers });
}

/** What is remembered about a question. `relativity` 0..1 is the threshold (default 0.45; 0 cuts nothing). */
export function search(query: string, options: SearchOptions) {
  return post("/search/memory", { ...options, query }, (data) => foundOf({ ...data }));
}

/** An answer that knows what is remembered. */
export function chat(query: string, options: ChatOptions, stream = false): Call<string> {
  const body = stream ? { ...options, query, stream } : { ...options, query };
  return post("/chat", body, (data) => String(data.response), { idempotent: false });
}

/** The latest messages of a conversation, oldest first. */
export function get(options: GetOptions) {
  return post("/get/message", options, (data) => data.message_detail_list);
}

/** One page of everything remembered of a user, each kind by itself. */
export function memories(options: MemoriesOptions) {
  return post("/get/memory", options, unchanged<Data<"/get/memory">>);
}

/** One memory with its sources. */
export function memory(memory_id: string) {
  const path = `/get/memory/${encodeURIComponent(memory_id)}`;
  return ask("/get/memory/{memory_id}", path, {}, unchanged<Data<"/get/memory/{memory_id}">>);
}

/** How far a task is. */
export function status(task_id: string): Call<Task> {
  return post("/get/status", { task_id }, taskOf);
}

/** Forget memories by id, or everything of a user. Gone from every index when the answer comes. */
export function delete_(memory_ids: string[] | null, options: DeleteOptions = {}) {
  const body = memory_ids === null ? options : { ...options, memory_ids };
  return post("/delete/memory", body, (data) => data.success, { idempotent: false });
}

/** Change the words of a memory. */
export function update(memory_id: string, options: UpdateOptions) {
  return post("/update/memory", { ...options, memory_id }, (data) => data.success);
}

/** Let an entry of a memory's `history` be current again. Souvenir only. */
export function restore(memory_id: string, version_id: string) {
  const body = { memory_id, version_id };
  return post("/restore/memory", body, unchanged<Data<"/restore/memory">>);
}

/** Say that memories were of use for a question (up), or of none (down); none takes it back. Souvenir only. */
export function rate(memory_ids: string[], thumb: "up" | "down" | "none", options: RateOptions = {}) {
  return post("/rate/memory", { ...options, memory_ids, thumb }, (data) => data.rated);
}

/** Correct or supplement what is remembered, in words. */
export function feedback(feedback_content: string, options: FeedbackOptions): Call<Task> {
  const body = { ...options, feedback_content };
  return post("/add/feedback", body, taskOf, { headers: newIdempotencyKey() });
}

/** What would be remembered of messages; nothing is stored. */
export function extract(messages: Messages, options: ExtractOptions = {}) {
  const body = { ...options, messages: asMessages(messages) };
  return post("/extract/memory", body, unchanged<Data<"/extract/memory">>);
}

/** Texts in the order of their relevance to a question. */
export function rerank(query: string, documents: string[], options: RerankOptions = {}) {
  const body = { ...options, query, documents };
  return post("/rerank", body, (answer) => answer.results, { enveloped: false });
}

/** Everybody of whom the server keeps something. Souvenir only. */
export function users() {
  return post("/list/user", {}, (data) => data.user_id_list);
}

/** Some of a user's `records`, and `after` to ask for the next with; null at the end. Souvenir only. */
export function export_(user_id: string, options: ExportOptions = {}) {
  return post("/export/memory", { ...options, user_id }, unchanged<Data<"/export/memory">>);
}

/** Store exported records under a user. Souvenir only. */
export function import_(user_id: string, records: Json[]) {
  return post("/import/memory", { user_id, records }, unchanged<Data<"/import/memory">>);
}

/** A new knowledge base; gives its id. */
export function createKnowledgebase(name: string, description = "") {
  const body = { knowledgebase_name: name, knowledgebase_description: description };
  return post("/create/knowledgebase", body, (data) => data.id, { idempotent: false });
}

/** All knowledge bases of the project with `files`, how many there are by status; the oldest first. Souvenir only. */
export function knowledgebases() {
  const read = unchanged<Data<"/console/knowledgebases">>;
  return ask("/console/knowledgebases", "/console/knowledgebases", {}, read);
}

/** Remove a knowledge base with all its files and memories. */
export function deleteKnowledgebase(knowledgebase_id: string) {
  const body = { knowledgebase_id };
  return post("/delete/knowledgebase", body, (data) => data.success, { idempotent: false });
}

/** Put files (bytes or URLs) into a knowledge base. */
export async function addKnowledgebaseFile(knowledgebase_id: string, files: FileSource[]) {
  const entry = async (file: FileSource) => ({ content: await fileData(file), name: nameOf(file) });
  const body = { knowledgebase_id, file: await Promise.all(files.map(entry)) };
  const read = unchanged<Data<"/add/knowledgebase-file">>;
  return post("/add/knowledgebase-file", body, read, { idempotent: false });
}

/** The files of a knowledge base with their status. */
export function getKnowledgebaseFile(options: FilesOptions) {
  return post("/get/knowledgebase-file", options, (data) => data.file_detail_list);
}

/** Remove files of knowledge bases with their memories. */
export function deleteKnowledgebaseFile(file_ids: string[]) {
  const traits = { idempotent: false };
  return post("/delete/knowledgebase-file", { file_ids }, (data) => data.success, traits);
}

/** The latest tasks of a user, the latest first. Souvenir only. */
export function tasks(options: TasksOptions): Call<Task[]> {
  return ask("/tasks", "/tasks", options, (data) => data.map(taskOf));
}

/** All about a task; `raw` holds its `receipts`: what became of every memory. Souvenir only. */
export function task(task_id: string): Call<Task> {
  return ask("/tasks/{task_id}", taskPath(task_id), {}, taskOf);
}

/** Call a waiting or running task off; one that has ended stays as it ended. Souvenir only. */
export function cancel(task_id: string): Call<Task> {
  return { ...post("/tasks/{task_id}/cancel", {}, taskOf), path: taskPath(task_id, "/cancel") };
}

/** Try a failed or dead task again. Souvenir only. */
export function replay(task_id: string): Call<Task> {
  const call = post("/tasks/{task_id}/replay", {}, taskOf, { idempotent: false });
  return { ...call, path: taskPath(task_id, "/replay") };
}

/** Undo a task within a day: what is removed, what is restored, what is left and why. Souvenir only. */
export function undo(task_id: string) {
  const call = post("/tasks/{task_id}/undo", {}, unchanged<Data<"/tasks/{task_id}/undo">>);
  return { ...call, path: taskPath(task_id, "/undo") };
}

/** Embed all memories anew, or watch that being done. Souvenir only. */
export function reindex(): Call<Task> {
  return post("/reindex", {}, taskOf);
}

type OfProject = { project?: string };
export type AuditOptions = Rest<"/project/audit", never>;
export type KeyOptions = Rest<"/project/keys", "name">;
export type RotateOptions = Rest<"/project/keys/{key_id}/rotate", never>;
export type QuotaOptions = Rest<"PUT /project/quota", never>;

/** The API keys of a project, without their secrets; `project`: another one than the key's own, by an admin key of the project `default`. Souvenir only. */
export function keys(options: OfProject = {}) {
  return ask("GET /project/keys", "/project/keys", options, unchanged<Data<"GET /project/keys">>);
}

/** A new key; its secret is in `key`, this once. Souvenir only. */
export function createKey(name: string, options: KeyOptions = {}) {
  const read = unchanged<Data<"/project/keys">>;
  return post("/project/keys", { ...options, name }, read, { idempotent: false });
}

/** A new secret for the same rights; the old one works for `overlap_s` seconds more. Souvenir only. */
export function rotateKey(key_id: string, options: RotateOptions = {}) {
  const read = unchanged<Data<"/project/keys/{key_id}/rotate">>;
  const call = post("/project/keys/{key_id}/rotate", options, read, { idempotent: false });
  return { ...call, path: keyPath(key_id, "rotate") };
}

/** A key that opens nothing any more. Souvenir only. */
export function revokeKey(key_id: string, options: OfProject = {}) {
  const read = unchanged<Data<"/project/keys/{key_id}/revoke">>;
  const call = post("/project/keys/{key_id}/revoke", options, read, { idempotent: false });
  return { ...call, path: keyPath(key_id, "revoke") };
}

/** What was changed and what was refused, the latest first: `entries`, and `before` for the next page. Souvenir only. */
export function audit(options: AuditOptions = {}) {
  return ask("/project/audit", "/project/audit", options, unchanged<Data<"/project/audit">>);
}

/** A backup of everything, as a stream: see `downloadBackup` of the client. Souvenir only. */
export function backup(): Call<unknown> {
  return ask("/backup", "/backup", {}, unchanged);
}

/** What a project may store, and has stored. Souvenir only. */
export function quota(options: OfProject = {}) {
  return ask("GET /project/quota", "/project/quota", options, unchanged<Data<"GET /project/quota">>);
}

/** What a project may store from now on, 0 for any number; by an admin key of the project `default`. Souvenir only. */
export function setQuota(options: QuotaOptions) {
  const call = post("PUT /project/quota", options, unchanged<Data<"PUT /project/quota">>);
  return { ...call, path: "/project/quota", method: "PUT" as const };
}

function keyPath(key_id: string, action: string): string {
  return `/project/keys/${encodeURIComponent(key_id)}/${action}`;
}

/** Tasks of the whole project that ran out of tries, the latest first. Souvenir only. */
export function deadTasks(options: { limit?: number } = {}): Call<Task[]> {
  return ask("/tasks/dead", "/tasks/dead", options, (data) => data.map(taskOf));
}

/** The stream of a task: see `watch` of the client. Souvenir only. */
export function events(task_id: string): Call<unknown> {
  return ask("/tasks/{task_id}/events", taskPath(task_id, "/events"), {}, unchanged);
}

function taskPath(task_id: string, action = ""): string {
  return `/tasks/${encodeURIComponent(task_id)}${action}`;
}

type Traits = Partial<Pick<Call<unknown>, "headers" | "idempotent" | "enveloped">>;

const PLAIN = { headers: {}, idempotent: true, enveloped: true };

function post<R extends Route, T>(
  route: R,
  body: Body<R> & More,
  read: (data: Data<R>) => T,
  traits: Traits = {},
): Call<T> {
  return { ...PLAIN, path: route, body: spread(body), read, method: "POST", ...traits };
}

function ask<R extends Route, T>(
  _route: R,
  path: string,
  query: Body<R> & More,
  read: (data: Data<R>) => T,
): Call<T> {
  return { ...PLAIN, path, body: spread(query), read, method: "GET" };
}

/** A body with what stands in `more` beside its own fields. */
function spread(body: object & More): Json {
  const { more = {}, ...fields } = body;
  return { ...more, ...fields };
}

function unchanged<T>(data: T): T {
  return data;
}

/** A header by which the server recognises a request that is sent again. */
function newIdempotencyKey(): Record<string, string> {
  // Not randomUUID: browsers have it in secure contexts only, and http://my-server:8000 is none.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return { "Idempotency-Key": digits.join("") };
}
