/** The client. Its methods send the values of `calls`, some under a second name that other clients of the Cloud API use. */

import * as calls from "./calls.js";
import {
  apiUrl,
  authHeaders,
  readAnswer,
  requestOf,
  UNAVAILABLE,
  unavailable,
  UNREADABLE,
} from "./exchange.js";
import { filePart, type FileSource } from "./files.js";
import { Outage, type Patience, Tries } from "./patience.js";
import { chatWords, chunksOf, eventsOf, isLast, type StreamEvent, taskIn } from "./streams.js";
import { ApiError, type Call, type Messages, type Task } from "./values.js";

export interface ClientOptions extends Patience {
  /** Ends everything that this client does. */
  signal?: AbortSignal;
  /** Another `fetch`, for tests and proxies. */
  fetch?: typeof fetch;
}

export type OnProgress = (task: Task) => void;

export interface WaitOptions {
  onProgress?: OnProgress;
  /** Milliseconds between two looks (default 300). */
  every?: number;
  /** Milliseconds after which it rejects with a TimeoutError (default an hour). */
  longest?: number;
}

export interface UploadOptions extends calls.AddOptions {
  name?: string;
  /** What to say about the file. */
  text?: string;
  /** Sees every state on the way, with files and pages. */
  onProgress?: OnProgress;
}

/** Rejects with ApiError when the server says no or cannot be reached. */
export class Client {
  readonly #url: string;
  readonly #key: string | undefined;
  readonly #headers: Record<string, string>;
  readonly #options: ClientOptions;

  /** `baseUrl` and `apiKey` are read from SOUVENIR_URL and SOUVENIR_API_KEY when left out. */
  constructor(baseUrl?: string, apiKey?: string, options: ClientOptions = {}) {
    this.#url = apiUrl(baseUrl);
    this.#key = apiKey;
    this.#headers = authHeaders(apiKey);
    this.#options = options;
  }

  /** The same client with other options, e.g. `longest` for a call that must not keep anybody waiting. */
  withOptions(options: ClientOptions): Client {
    return new Client(this.#url, this.#key, { ...this.#options, ...options });
  }

  /** Send a call, again after a passing fault where that is safe. */
  async send<T>(call: Call<T>): Promise<T> {
    const tries = new Tries(call, this.#options);
    for (;;) {
      let pause: number | undefined;
      try {
        const answer = await this.#fetch(call, this.#deadline(tries.timeout()));
        pause = tries.afterAnswer(answer);
        if (pause === undefined) return await readAnswer(call, answer);
        await answer.body?.cancel();
      } catch (error) {
        this.#throwUnlessUnanswered(error);
        pause = tries.afterFailure(error);
        if (pause === undefined) throw unavailable(this.#url + call.path, error);
      }
      await sleep(pause, this.#options.signal);
    }
  }

  /** Remember messages. */
  add = (messages: Messages, options: calls.AddOptions) =>
    this.send(calls.add(messages, options));
  addMessage = this.add;

  /** What is remembered about a question. */
  search = (query: string, options: calls.SearchOptions) =>
    this.send(calls.search(query, options));
  searchMemory = this.search;

  /** The latest messages of a conversation, oldest first. */
  get = (options: calls.GetOptions) => this.send(calls.get(options));
  getMessage = this.get;
  getMessages = this.get;

  /** An answer that knows what is remembered. */
  chat = (query: string, options: calls.ChatOptions) => this.send(calls.chat(query, options));

  /** One page of everything remembered of a user, each kind by itself. */
  memories = (options: calls.MemoriesOptions) => this.send(calls.memories(options));
  getMemory = this.memories;

  /** One memory with its sources. */
  memory = (memory_id: string) => this.send(calls.memory(memory_id));
  getMemoryById = this.memory;

  /** How far a task is. */
  status = (task_id: string) => this.send(calls.status(task_id));
  getStatus = this.status;
  getTaskStatus = this.status;

  /** Forget memories by id, or with null everything of a user. Gone from every index when the answer comes. */
  delete = (memory_ids: string[] | null, options: calls.DeleteOptions = {}) =>
    this.send(calls.delete_(memory_ids, options));
  deleteMemory = this.delete;

  /** Change the words of a memory. */
  update = (memory_id: string, options: calls.UpdateOptions) =>
    this.send(calls.update(memory_id, options));
  updateMemory = this.update;

  /** Let an entry of a memory's `history` be current again. Souvenir only. */
  restore = (memory_id: string, version_id: string) =>
    this.send(calls.restore(memory_id, version_id));
  restoreMemory = this.restore;

  /** Say that memories were of use for a question (up), or of none (down); none takes it back. Souvenir only. */
  rate = (memory_ids: string[], thumb: "up" | "down" | "none", options: calls.RateOptions = {}) =>
    this.send(calls.rate(memory_ids, thumb, options));
  rateMemory = this.rate;

  /** Correct or supplement what is remembered, in words. */
  feedback = (feedback_content: string, options: calls.FeedbackOptions) =>
    this.send(calls.feedback(feedback_content, options));
  addFeedback = this.feedback;

  /** What would be remembered of messages; nothing is stored. */
  extract = (messages: Messages, options: calls.ExtractOptions = {}) =>
    this.send(calls.extract(messages, options));
  extractMemory = this.extract;

  /** Texts in the order of their relevance to a question. */
  rerank = (query: string, documents: string[], options: calls.RerankOptions = {}) =>
    this.send(calls.rerank(query, documents, options));

  /** The latest tasks of a user, the latest first. Souvenir only. */
  tasks = (options: calls.TasksOptions) => this.send(calls.tasks(options));

  /** All about a task. Souvenir only. */
  task = (task_id: string) => this.send(calls.task(task_id));

  /** Call a task off. Souvenir only. */
  cancel = (task_id: string) => this.send(calls.cancel(task_id));

  /** Try a failed or dead task again. Souvenir only. */
  replay = (task_id: string) => this.send(calls.replay(task_id));

  /** Undo a task within a day: what is removed, restored, and left. Souvenir only. */
  undo = (task_id: string) => this.send(calls.undo(task_id));

  /** Tasks of the whole project that ran out of tries. Souvenir only. */
  deadTasks = (options: { limit?: number } = {}) => this.send(calls.deadTasks(options));

  /** Embed all memories anew by the embedder that the server's settings name. Souvenir only. */
  reindex = () => this.send(calls.reindex());

  /** The API keys of a project, without their secrets. Souvenir only. */
  keys = (options: { project?: string } = {}) => this.send(calls.keys(options));

  /** A new key; its secret is in `key`, this once. Souvenir only. */
  createKey = (name: string, options: calls.KeyOptions = {}) =>
    this.send(calls.createKey(name, options));

  /** A new secret for the same rights. Souvenir only. */
  rotateKey = (key_id: string, options: calls.RotateOptions = {}) =>
    this.send(calls.rotateKey(key_id, options));

  /** A key that opens nothing any more. Souvenir only. */
  revokeKey = (key_id: string, options: { project?: string } = {}) =>
    this.send(calls.revokeKey(key_id, options));

  /** What was changed and what was refused, the latest first. Souvenir only. */
  audit = (options: calls.AuditOptions = {}) => this.send(calls.audit(options));

  /** What a project may store, and has stored. Souvenir only. */
  quota = (options: { project?: string } = {}) => this.send(calls.quota(options));

  /** What a project may store from now on, 0 for any number. Souvenir only. */
  setQuota = (options: calls.QuotaOptions) => this.send(calls.setQuota(options));

  /** Everybody of whom the server keeps something. Souvenir only. */
  users = () => this.send(calls.users());

  /** Some of a user's records, and `after` to ask for the next with. Souvenir only. */
  export = (user_id: string, options: calls.ExportOptions = {}) =>
    this.send(calls.export_(user_id, options));

  /** Store exported records under a user. Souvenir only. */
  import = (user_id: string, records: Record<string, unknown>[]) =>
    this.send(calls.import_(user_id, records));

  /** A new knowledge base; gives its id. */
  createKnowledgebase = (name: string, description = "") =>
    this.send(calls.createKnowledgebase(name, description));

  /** All knowledge bases of the project, the oldest first. Souvenir only. */
  knowledgebases = () => this.send(calls.knowledgebases());

  /** Remove a knowledge base with all its files and memories. */
  deleteKnowledgebase = (knowledgebase_id: string) =>
    this.send(calls.deleteKnowledgebase(knowledgebase_id));

  /** Put files (bytes or URLs) into a knowledge base. */
  addKnowledgebaseFile = async (knowledgebase_id: string, files: FileSource[]) =>
    this.send(await calls.addKnowledgebaseFile(knowledgebase_id, files));

  /** The files of a knowledge base with their status. */
  getKnowledgebaseFile = (options: calls.FilesOptions) =>
    this.send(calls.getKnowledgebaseFile(options));

  /** Remove files of knowledge bases with their memories. */
  deleteKnowledgebaseFile = (file_ids: string[]) =>
    this.send(calls.deleteKnowledgebaseFile(file_ids));

  /**
   * Poll a task until it has ended. A server that is away for less than a minute is waited for. Rejects with a
   * TimeoutError after `longest`.
   */
  async waitFor(task_id: string, options: WaitOptions = {}): Promise<Task> {
    const { onProgress, every = 300, longest = 3_600_000 } = options;
    const end = Date.now() + longest;
    const outage = new Outage(task_id);
    while (Date.now() < end) {
      const seen = await this.status(task_id).catch((error: unknown) => outage.pause(error));
      if (typeof seen !== "number") {
        outage.over();
        onProgress?.(seen);
        if (seen.ended) return seen;
      }
      await sleep(typeof seen === "number" ? seen : every, this.#options.signal);
    }
    throw new DOMException(`task ${task_id} is still running`, "TimeoutError");
  }

  /** Remember a file (bytes or URL) and wait until it has been read. */
  async upload(file: FileSource, options: UploadOptions): Promise<Task> {
    const { name, text, onProgress, ...rest } = options;
    const said = text ? [{ type: "text" as const, text }] : [];
    const content = [...said, await filePart(file, name)];
    const task = await this.add([{ role: "user", content }], rest);
    return this.waitFor(task.task_id, { onProgress });
  }

  /** The words of an answer as they come. */
  async *chatStream(query: string, options: calls.ChatOptions): AsyncGenerator<string> {
    for await (const event of this.#events(calls.chat(query, options, true))) {
      const words = chatWords(event);
      if (words) yield words;
    }
  }

  /** The bytes of a backup of everything, as they come; needs the server's first key. Souvenir only. */
  async *downloadBackup(): AsyncGenerator<Uint8Array> {
    yield* this.#streamed(calls.backup(), chunksOf, () => true);
  }

  /**
   * A task as it is now and at every change, until it has ended. A stream that breaks is asked for again, for a minute
   * without a sign of life. Souvenir only.
   */
  async *watch(task_id: string): AsyncGenerator<Task> {
    const outage = new Outage(task_id);
    for (;;) {
      let broken: unknown = new ApiError(UNAVAILABLE, "the stream of events has ended early", 0);
      try {
        for await (const event of this.#events(calls.events(task_id))) {
          outage.over();
          yield taskIn(event);
          if (isLast(event)) return;
        }
      } catch (error) {
        broken = error;
      }
      await sleep(outage.pause(broken), this.#options.signal);
    }
  }

  /** The events of a stream. Throws ApiError where it is refused or breaks. */
  #events(call: Call<unknown>): AsyncGenerator<StreamEvent> {
    return this.#streamed(call, eventsOf, (type) => type.startsWith("text/event-stream"));
  }

  /** What `read` makes of the body of an answer, piece by piece. Throws ApiError where it is refused or breaks. */
  async *#streamed<T>(
    call: Call<unknown>,
    read: (body: ReadableStream<Uint8Array>) => AsyncGenerator<T>,
    isExpected: (contentType: string) => boolean,
  ): AsyncGenerator<T> {
    const broken = (error: unknown): never => {
      this.#throwUnlessUnanswered(error);
      throw unavailable(this.#url + call.path, error);
    };
    const answer = await this.#fetch(call, this.#options.signal).catch(broken);
    const type = answer.headers.get("Content-Type") ?? "no type";
    if (!answer.ok || !answer.body || !isExpected(type)) {
      await readAnswer(call, answer);
      throw new ApiError(UNREADABLE, `no stream of events: ${type}`, answer.status);
    }
    const pieces = read(answer.body);
    try {
      for (;;) {
        const next = await pieces.next().catch(broken);
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await pieces.return(undefined);
    }
  }

  #fetch(call: Call<unknown>, signal: AbortSignal | undefined): Promise<Response> {
    const send = this.#options.fetch ?? fetch;
    return send(...requestOf(call, this.#url, this.#headers, signal));
  }

  /** A signal for one request: the caller's, or the time is up. */
  #deadline(milliseconds: number): AbortSignal {
    const late = AbortSignal.timeout(milliseconds);
    const { signal } = this.#options;
    return signal ? AbortSignal.any([signal, late]) : late;
  }

  /** What the caller ended, and what the server refused, is no fault of the connection. */
  #throwUnlessUnanswered(error: unknown): void {
    this.#options.signal?.throwIfAborted();
    if ((error as Error).name === "ApiError") throw error;
  }
}

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
