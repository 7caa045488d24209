// Made from the gateway's OpenAPI document by `python -m tests.clients.wire_types`;
// do not edit.

/** The task that was begun. */
export interface Accepted {
  /** It was accepted and will not be lost. */
  success: boolean;
  /** To ask get/status with. */
  task_id: string;
  /** `completed` only when it was waited for. */
  status: "running" | "completed" | "failed";
  /** What of the request could not be read, and what counts instead. Souvenir's own. */
  remarks?: Array<string> | null;
}

/** A correction of an answer or of a memory. */
export interface AddFeedback {
  /** To be told by POST when the task has ended: `{"type": "task.completed" | "task.failed", "timestamp": ..., "data": what GET tasks/{id} answers}`, signed in the Standard Webhooks form, at least once. Souvenir's own. */
  webhook_url?: string;
  /** The application it belongs to; can be filtered by. */
  app_id?: string;
  /** Visible to every user of the project. */
  allow_public?: boolean;
  /** Knowledge bases that the memories are written to as well. */
  allow_knowledgebase_ids?: string | Array<string>;
  /** A tag of the client; not used. */
  source?: string;
  /** The user whose memories these are; at most 100 characters. */
  user_id: string;
  /** The conversation; the same id means the same context. At most 100 characters. */
  conversation_id?: string;
  /** The agent it was said to. */
  agent_id?: string;
  /** The feedback, in the user's words. */
  feedback_content: string;
  /** When it was given, in free text; now when absent. */
  feedback_time?: string;
}

/** Messages to remember. */
export interface AddMessage {
  /** To be told by POST when the task has ended: `{"type": "task.completed" | "task.failed", "timestamp": ..., "data": what GET tasks/{id} answers}`, signed in the Standard Webhooks form, at least once. Souvenir's own. */
  webhook_url?: string;
  /** The application it belongs to; can be filtered by. */
  app_id?: string;
  /** Visible to every user of the project. */
  allow_public?: boolean;
  /** Knowledge bases that the memories are written to as well. */
  allow_knowledgebase_ids?: string | Array<string>;
  /** A tag of the client; not used. */
  source?: string;
  /** Candidates: those that fit a memory by meaning are attached to it. */
  tags?: string | Array<string>;
  /** Any further facts about it: texts, lists of texts, numbers. All can be filtered by; business_type, biz_id, scene and custom_status are the common ones. */
  info?: Record<string, unknown>;
  /** The user whose memories these are; at most 100 characters. A list in a group chat: it is remembered for each of them (at most 20). */
  user_id?: string | Array<string>;
  /** The agent it was said to; can be filtered by. Without a user: the agent's own memories. */
  agent_id?: string | Array<string>;
  /** The conversation; the same id means the same context. At most 100 characters. */
  conversation_id?: string;
  /** What was said, in order; at most 20,000 tokens, at most 20 files. */
  messages: Array<MessageIn>;
  /** true: answer at once. false: answer when the memories can be found (files and pictures are always read in the background). */
  async_mode?: boolean;
  /** The old spelling of async_mode; get/status then answers a list. */
  asyncMode?: boolean | null;
  /** Kinds of memories to make: detail_factual, profile, event, preference, tool_memory, skill. All when empty. */
  allow_memory_view?: string | Array<string>;
  /** What the language model that extracts is told, by what it is about: all, detail_factual, preference, skill, profile, event, tool_memory, image, document. At most 2000 characters each. Without a language model it has no effect. */
  custom_extract_prompt?: Record<string, string>;
  /** The last day, YYYY-MM-DD in UTC, on which searches and lists show it; from the next day on it is read by its id, or with show_expired. Souvenir's own. */
  expiration_date?: string;
}

/** A template to make. */
export interface AddTemplate {
  /** Its name, for people. */
  name: string;
  /** Fields, nested in categories: `{category: {field: {"value": ..., "algorithm_updatable": bool}}}`; a field that may not be updated keeps its value whatever is said. At most three levels. */
  metadata: Record<string, unknown>;
}

/** A document that has been added. */
export interface AddedFile {
  /** To ask get/knowledgebase-file with. */
  id: string;
  name: string;
  /** 0 while it is still to be fetched. */
  sizeMB: number;
  status: "running" | "completed" | "failed";
  type: string;
  /** To watch it being read; not of one that failed at once. */
  task_id?: string | null;
}

/** The answer. */
export interface Answered {
  /** What the model answered. */
  response: string;
  /** What a reasoning model thought before; null without. */
  reasoning?: string | null;
  /** What could not be done as it was asked: an unknown model, an unknown knowledge base. Souvenir's own. */
  remarks?: Array<string> | null;
}

/** The latest entries, and where to go on. */
export interface AuditPage {
  entries: Array<AuditView>;
  /** For the next page; null where there is none. */
  before: number | null;
}

/** One request that changed something, or was refused. No contents. */
export interface AuditView {
  /** Epoch milliseconds at its end. */
  at: number;
  action: string;
  /** HTTP status; 0 where the client left before. */
  status: number;
  /** The id of the API key. */
  key: string;
  key_name: string;
  /** Whose memories it was about, at most 20. */
  user_ids: Array<string>;
  /** Ids of what it named in its path or changed, at most 20. */
  objects: Array<string>;
  /** The id of the request, as in X-Request-Id and the logs. */
  request: string;
}

/** What waits for workers. */
export interface Backlogs {
  /** Of this project. */
  waiting: number;
  /** Of all projects; empty for a key that is no operator's. */
  lanes: Array<LaneView>;
  /** The 20 with the most; empty for a key that is no operator's. */
  projects: Array<ProjectBacklog>;
}

/** Templates for users and agents. */
export interface BindProfiles {
  /** Who gets which template; at most 20. */
  bind_list: Array<Binding>;
}

/** Who gets which template. */
export interface Binding {
  /** The user whose memories these are; at most 100 characters. */
  user_id?: string | null;
  /** Instead of a user: the agent whose own memories are meant. */
  agent_id?: string | null;
  /** Of add/profile_template; any other name stands for a profile whose fields are set by edit/profile alone. */
  profile_template_id: string;
}

/** A tool call of an assistant. */
export interface ToolCall {
  /** A tool message names it in tool_call_id. */
  id?: string;
  /** Always function. */
  type?: string;
  /** Which tool, and with what. */
  function: ToolFunction;
  [more: string]: unknown;
}

/** What a newer memory has changed about one. */
export interface Change {
  memory_id: string;
  /** What is so now. */
  text: string;
  /** Epoch milliseconds. */
  said_at: number | null;
  /** Where in the older text the outdated part begins. */
  start: number;
  /** And where it ends. */
  end: number;
}

/** A question to be answered with what is remembered. */
export interface ChatRequest {
  /** The application it belongs to; can be filtered by. */
  app_id?: string;
  /** Visible to every user of the project. */
  allow_public?: boolean;
  /** Knowledge bases that the memories are written to as well. */
  allow_knowledgebase_ids?: string | Array<string>;
  /** A tag of the client; not used. */
  source?: string;
  /** Candidates: those that fit a memory by meaning are attached to it. */
  tags?: string | Array<string>;
  /** Any further facts about it: texts, lists of texts, numbers. All can be filtered by; business_type, biz_id, scene and custom_status are the common ones. */
  info?: Record<string, unknown>;
  /** What to look for; at most 20,000 tokens. */
  query: string;
  /** The conversation; the same id means the same context. At most 100 characters. Its last messages are the history of this chat. */
  conversation_id?: string;
  /** Conditions that hold before anything is ranked: `{"and": [...]}` or `{"or": [...]}` of `{field: value}` or `{field: {operator: value}}` with gte, lte, gt, lt, contains, in, like. Fields: agent_id, app_id, create_time, update_time, tags and any key of `info`. Or one for each source: `{"user": ..., "knowledgebase": ..., "public": ...}`. */
  filter?: Record<string, unknown>;
  /** Knowledge bases to search as well, by id; `all` for every one of the project. None when empty. */
  knowledgebase_ids?: string | Array<string>;
  /** At most so many facts; more than 25 counts as 25. */
  memory_limit_number?: number;
  /** Preferences too. */
  include_preference?: boolean;
  /** At most so many preferences; more than 25 counts as 25. */
  preference_limit_number?: number;
  /** Tool memories too. */
  include_tool_memory?: boolean;
  /** At most so many tool memories; more than 25 counts as 25. */
  tool_memory_limit_number?: number;
  /** Skills too. */
  include_skill?: boolean;
  /** At most so many skills; more than 25 counts as 25. */
  skill_limit_number?: number;
  /** The least relevance that comes back, 0..1; 0 lets everything through. */
  relativity?: number;
  /** Also what is past its expiration_date. Souvenir's own. */
  show_expired?: boolean;
  /** The user whose memories these are; at most 100 characters. */
  user_id: string;
  /** The conversation so far; when absent, what was remembered of it. */
  history?: Array<HistoryMessage>;
  /** One of the configured models; any other name means the default one. */
  model_name?: string;
  /** Replaces the built-in instructions; memories are added to it. */
  system_prompt?: string;
  /** What held at a moment instead of what holds now: YYYY-MM-DD (the end of that day), YYYY-MM-DD HH:MM:SS, ISO 8601 or epoch milliseconds. What was said later is hidden, what was superseded later is shown. Souvenir's own. The profile, which is not kept by day, stays away, and the turn is only remembered where add_message_on_answer says so. */
  as_of?: string | number;
  /** 0..2. */
  temperature?: number;
  /** 0..1. */
  top_p?: number;
  /** The longest answer, in tokens. */
  max_tokens?: number;
  /** Answer as server-sent events. The path /product/chat/stream does so always. */
  stream?: boolean;
  /** Remember this turn after the answer. When absent: true, but false under /product. */
  add_message_on_answer?: boolean | null;
  /** The agent; goes to the memories of this turn. */
  agent_id?: string;
  /** Only says how the turn is written; the answer is not changed by it. */
  async_mode?: unknown;
}

/** A key to make. */
export interface CreateKey {
  /** Which project; that of the key when absent. Another one only by an admin key of the project `default`. */
  project?: string;
  /** For people; at most 100 characters. */
  name: string;
  /** read: search, list, export, chat. write: add, change, import, delete. admin: keys, quotas, settings and audit log of the project. */
  scopes?: Array<"read" | "write" | "admin">;
  /** The only user that it opens; every user of the project when absent. */
  user_id?: string;
  /** Instead of a user: the agent whose own memories it opens. */
  agent_id?: string;
  /** Epoch milliseconds from which on it opens nothing; never when absent. */
  expires_at?: number;
}

/** A new knowledge base. */
export interface CreateKnowledgeBase {
  /** Its name. */
  knowledgebase_name: string;
  /** What is on it. */
  knowledgebase_description?: string;
}

/** A webhook to register. */
export interface CreateWebhook {
  /** Which project; that of the key when absent. Another one only by an admin key of the project `default`. */
  project?: string;
  /** An http(s) URL. Inner addresses only where SOUVENIR_FETCH_ALLOW names them. */
  url: string;
  /** For people; at most 100 characters. */
  name?: string;
  /** Which events it gets: memory_add, memory_update, memory_delete, memory_categorize. A memory that is superseded or forgotten is deleted for it. When absent all but memory_categorize, which says again what the others say of tags. */
  event_types?: Array<string>;
  /** false: nothing is sent, nor kept to be sent later, until a change turns it on. */
  is_active?: boolean;
}

/** The new knowledge base. */
export interface Created {
  id: string;
}

/** Which files to delete. */
export interface DeleteFiles {
  /** From add/knowledgebase-file. */
  file_ids: string | Array<string>;
  /** Not needed; must be right where it is given. */
  knowledgebase_id?: string;
}

/** A knowledge base to delete, with its files. */
export interface DeleteKnowledgeBase {
  /** From create/knowledgebase. */
  knowledgebase_id: string;
}

/** Memories to delete: named ones, or everything of a user, of an agent, or what a filter matches. */
export interface DeleteMemory {
  /** The memories. With a user: they must all be that user's. */
  memory_ids?: string | Array<string> | null;
  /** Without memory_ids: everything of this user goes, messages too. */
  user_id?: string | Array<string>;
  /** Everything that belongs to this agent. */
  agent_id?: string | null;
  /** Conditions that hold before anything is ranked: `{"and": [...]}` or `{"or": [...]}` of `{field: value}` or `{field: {operator: value}}` with gte, lte, gt, lt, contains, in, like. Fields: agent_id, app_id, create_time, update_time, tags and any key of `info`. Or one for each source: `{"user": ..., "knowledgebase": ..., "public": ...}`. */
  filter?: Record<string, unknown>;
  /** Only memories of this type, e.g. LongTermMemory or preference. */
  memory_type?: string;
}

/** A profile to delete; all of them without a template. */
export interface DeleteProfile {
  /** The user whose memories these are; at most 100 characters. */
  user_id?: string | null;
  /** Instead of a user: the agent whose own memories are meant. */
  agent_id?: string | null;
  /** Only the fields of this one. */
  profile_template_id?: string;
}

/** The project to delete. */
export interface DeleteProject {
  /** Its name. */
  project_id: string;
}

/** A template to delete, with the profiles by it. */
export interface DeleteTemplate {
  /** The template. */
  profile_template_id: string;
}

/** How far the delivery of the task's end to its webhook is. */
export interface Delivery {
  url: string;
  /** waiting: for the end, or for the next try. */
  state: "waiting" | "delivered" | "failed";
  /** How often it was told in vain. */
  attempts: number;
  /** What the last try ran into. */
  error: string;
}

/** A text. */
export interface RankedText {
  text: string;
}

/** It is done. */
export interface Done {
  success: boolean;
  /** Where there was nothing to do, or it has another effect than it seems to: why. Souvenir's own. */
  remarks?: Array<string> | null;
}

/** Fields to set and to take away. */
export interface EditProfile {
  /** The user whose memories these are; at most 100 characters. */
  user_id?: string | null;
  /** Instead of a user: the agent whose own memories are meant. */
  agent_id?: string | null;
  /** Of add/profile_template; any other name stands for a profile whose fields are set by edit/profile alone. */
  profile_template_id: string;
  /** Fields, nested at will: `{field: {"value": ..., "algorithm_updatable": bool}}`. What of both is absent stays; an empty value takes the field away. */
  metadata?: Record<string, unknown>;
  /** Fields to take away; of nested ones the path, with dots. */
  remove_fields?: string | Array<string>;
}

/** What to change; what is left out stays. */
export interface EditProject {
  /** What the language model that extracts is told, by what it is about: all, detail_factual, preference, skill, profile, event, tool_memory, image, document. At most 2000 characters each. Without a language model it has no effect. They take the place of all that were there; `{}` removes them. */
  extract_instructions?: Record<string, string> | null;
  /** Tokens of language models in a day (UTC); 0: as for all projects. */
  daily_tokens?: number | null;
  /** The same in a month. */
  monthly_tokens?: number | null;
  /** Days after which a user's memory that no search gave has lost half of the place that decay takes; 0: none is lost. */
  decay_days?: number | null;
}

/** One deletion: nothing of what was deleted. */
export interface Erasure {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  /** user, memories, knowledge_base, files or project. */
  what: string;
  /** A digest of the deleted id, the same for the same id; empty where there was no one id. Ask by the id itself: `erasures?id=`. */
  subject: string;
  /** The last characters of the API key that asked for it. */
  by: string;
  /** How many of what, as far as they were counted. */
  counts: Record<string, number>;
}

/** Something that happened, or is planned, on a day that is known. */
export interface EventItem {
  id: string;
  /** Where it came from. */
  conversation_id: string;
  /** Only activated memories are shown. */
  status: string;
  /** Epoch milliseconds. */
  create_time: number;
  /** Epoch milliseconds. */
  update_time: number;
  /** The last day on which it is shown; only where it has one. */
  expiration_date?: string | null;
  /** When it was first said, epoch milliseconds. Souvenir's own. */
  valid_from: number;
  /** Only of what holds no more: when what superseded it was said, epoch milliseconds. Souvenir's own. */
  valid_until?: number | null;
  /** How relevant to the query, 0..1; only in a search. */
  relativity?: number | null;
  /** true: text of a file or of a tool that reads like an instruction to a model: show it as a quotation, never as an order. */
  quarantined?: boolean | null;
  /** The messages or the places in files it was read from; in a search only where context_format asks for them, there with their `message_id`. */
  sources?: Array<unknown> | null;
  /** What was sent along as `info`; not in a search. */
  info?: Record<string, unknown> | null;
  /** What it took the place of, newest first: `id`, `text`, `create_time`, `update_time` (when it was archived), `valid_from` and `valid_until`; not in a search. */
  history?: Array<Record<string, unknown>> | null;
  /** Its words once more; only where it is asked for by its id. */
  memory?: string | null;
  /** Its fields in the form of the open-source server, `sources` among them; only where it is asked for by its id. */
  metadata?: Record<string, unknown> | null;
  /** What rate/memory was told of it, oldest first: `thumb`, `query`, `user_id`, `reason`, `create_time`; not in a search. Souvenir's own. */
  thumbs?: Array<unknown> | null;
  /** Its title. */
  event_key: string;
  /** What happens. */
  event_value: string;
  event_type?: string;
  /** The days it speaks of, YYYY-MM-DD; first and last of a period. */
  event_time: Array<string>;
  /** Where; empty where that is not certain. */
  event_location: Array<string>;
  /** Who takes part, as far as that is certain. */
  event_roles: Array<string>;
  tags: Array<string>;
}

/** A memory that was considered, and why it came back or did not. */
export interface ExplainedMemory {
  id: string;
  /** fact, preference, tool or skill. */
  kind: string;
  text: string;
  /** Which question brought it up, from 0. */
  question: number;
  /** Its place among the candidates of its kind and question, from 1. */
  rank: number;
  /** How likely it answers by itself, 0..1, before its place is looked at. */
  relativity: number | null;
  /** The sum of the terms; the order goes by it. */
  total: number;
  /** The terms of the score, see the page on scoring: meaning, lexical, conversation, links, described, speaker, day, neighbours, peers, thumbs, decay. */
  terms: Record<string, number>;
  /** returned, below_threshold, repeats (a better memory says it already) or over_limit. */
  verdict: string;
}

/** One question that the query was taken apart into. */
export interface ExplainedQuestion {
  text: string;
  /** What it asks of the thing that it describes; empty where it describes none. */
  rest: string;
  /** Something is to be done, not told. */
  is_request: boolean;
}

/** A user or a knowledge base whose records are exported, and the position to go on from. */
export interface Export {
  /** The user whose memories these are; at most 100 characters. */
  user_id?: string | null;
  /** Instead of a user: the knowledge base that is exported. */
  knowledgebase_id?: string;
  /** Also the memories that newer ones took the place of, archived. */
  superseded?: boolean;
  /** `after` of the answer before; empty for the first. */
  after?: string;
  /** How many at most. */
  size?: number;
}

/** The next records: the messages, then the memories of each kind; of a knowledge base itself, its files, its memories; the oldest first. What comes and goes meanwhile takes nothing else out of an export. */
export interface Exported {
  /** Each has `record` ("message" or "memory"; of a knowledge base also "knowledge_base" or "knowledge_file"), `user_id` or `knowledgebase_id`, `conversation_id`, `agent_id` and `app_id`; the rest is what is kept of it. Times are epoch milliseconds. */
  records: Array<Record<string, unknown>>;
  /** Where to go on; null at the end. */
  after: string | null;
}

/** Messages to find memories in; nothing is stored. */
export interface ExtractMemory {
  /** What was said; at most 8,000 tokens together. */
  messages: Array<MessageIn>;
  /** memory, preference, or both; both when absent. */
  extraction_types?: string | Array<string>;
  /** What the language model that extracts is told, by what it is about: all, detail_factual, preference, skill, profile, event, tool_memory, image, document. At most 2000 characters each. Without a language model it has no effect. Tried out here before they are kept. */
  custom_extract_prompt?: Record<string, string>;
  /** true: answer at once with a task_id, for models that take long; `GET extract/memory/{task_id}` has the result. */
  async_mode?: boolean;
}

/** What was extracted. */
export interface Extracted {
  success: boolean;
  memory_detail_list: Array<ExtractedFact>;
  preference_detail_list: Array<ExtractedPreference>;
  /** What went less well than it could have: no language model, say. */
  remarks?: Array<string>;
}

/** A fact that would be stored. */
export interface ExtractedFact {
  memory_key: string;
  memory_value: string;
  memory_type: string;
  tags: Array<string>;
}

/** How an asynchronous extraction stands, with its result once it is there. */
export interface ExtractedLater {
  /** It was accepted and will not be lost. */
  success: boolean;
  /** To ask get/status with. */
  task_id: string;
  /** `completed` only when it was waited for. */
  status: "running" | "completed" | "failed";
  /** What of the request could not be read, and what counts instead. Souvenir's own. */
  remarks?: Array<string> | null;
  /** Why it failed, or what it waits for. */
  message?: string;
  result?: Extracted | null;
}

/** A preference that would be stored. */
export interface ExtractedPreference {
  preference: string;
  reasoning: string;
  preference_type: string;
}

/** A fact. */
export interface FactItem {
  id: string;
  /** Where it came from. */
  conversation_id: string;
  /** Only activated memories are shown. */
  status: string;
  /** Epoch milliseconds. */
  create_time: number;
  /** Epoch milliseconds. */
  update_time: number;
  /** The last day on which it is shown; only where it has one. */
  expiration_date?: string | null;
  /** When it was first said, epoch milliseconds. Souvenir's own. */
  valid_from: number;
  /** Only of what holds no more: when what superseded it was said, epoch milliseconds. Souvenir's own. */
  valid_until?: number | null;
  /** How relevant to the query, 0..1; only in a search. */
  relativity?: number | null;
  /** true: text of a file or of a tool that reads like an instruction to a model: show it as a quotation, never as an order. */
  quarantined?: boolean | null;
  /** The messages or the places in files it was read from; in a search only where context_format asks for them, there with their `message_id`. */
  sources?: Array<unknown> | null;
  /** What was sent along as `info`; not in a search. */
  info?: Record<string, unknown> | null;
  /** What it took the place of, newest first: `id`, `text`, `create_time`, `update_time` (when it was archived), `valid_from` and `valid_until`; not in a search. */
  history?: Array<Record<string, unknown>> | null;
  /** Its words once more; only where it is asked for by its id. */
  memory?: string | null;
  /** Its fields in the form of the open-source server, `sources` among them; only where it is asked for by its id. */
  metadata?: Record<string, unknown> | null;
  /** What rate/memory was told of it, oldest first: `thumb`, `query`, `user_id`, `reason`, `create_time`; not in a search. Souvenir's own. */
  thumbs?: Array<unknown> | null;
  /** Its title. */
  memory_key: string;
  /** The fact itself. */
  memory_value: string;
  /** WorkingMemory, LongTermMemory or UserMemory. */
  memory_type: string;
  /** The day that it tells of, as a language model has read it, epoch milliseconds; null where it tells of none or was read without a model. */
  memory_time?: number | null;
  /** 0..1 */
  confidence: number;
  tags: Array<string>;
}

/** How far the steps are. */
export interface Figures {
  files?: number;
  files_done?: number;
  pages?: number;
  pages_done?: number;
  /** Stretches of text that are read at once. */
  passages?: number;
  passages_done?: number;
  /** Found so far. */
  memories?: number;
  /** Of these, made ready to be searched. */
  memories_done?: number;
  /** The one that is being read. */
  file?: string;
}

/** How one file fares. */
export interface TaskFile {
  name: string;
  /** waiting, completed or failed. */
  status: string;
  /** 0, or why it failed. */
  code?: number;
  /** Why it failed, or what of it could not be done, for people. */
  message?: string;
  media_type?: string;
  /** 0 where there are none. */
  pages?: number;
  /** Bytes. */
  size?: number;
}

/** The address of a document, or its content. */
export interface FileData {
  /** An http(s) URL, base64, or a data URI. */
  file_data: string;
  [more: string]: unknown;
}

/** The state of a document. A failed one says why. */
export interface FileDetail {
  id: string;
  name: string;
  size: string;
  status: "running" | "completed" | "failed";
  type: string;
  /** To watch it being read; not of one that failed at once. */
  task_id?: string | null;
  /** Why it failed. */
  error_code?: number | null;
  /** Why it failed, for people. */
  error_message?: string | null;
}

/** A document: PDF, DOCX, DOC, TXT, JSON, MD, XML. */
export interface FilePart {
  /** A document. */
  type?: "file";
  /** The document; the bare URL or base64 will do. */
  file: FileData;
  [more: string]: unknown;
}

/** A page of files. */
export interface FilesPage {
  file_detail_list: Array<FileDetail>;
  total: number;
  page: number;
  page_size: number;
  /** What of the request counts otherwise or means nothing here. Souvenir's own. */
  remarks?: Array<string> | null;
}

/** What was recalled, the most relevant first. Lists are empty, never null. */
export interface FoundOnWire {
  /** Facts. */
  memory_detail_list: Array<FactItem>;
  /** Preferences. */
  preference_detail_list: Array<PreferenceItem>;
  /** Tool memories. */
  tool_memory_detail_list: Array<ToolItem>;
  /** Skills. */
  skill_detail_list: Array<SkillItem>;
  /** The owner's profile, attribute by attribute; only with include_memory_view. */
  profile_detail_list?: Array<ProfileItem> | null;
  /** Events; only with include_memory_view. */
  event_detail_list?: Array<EventItem> | null;
  /** How to use the preferences; empty when none came back. */
  preference_note: string;
  /** Always null here; see get/message. */
  message_detail_list?: null;
  /** Only when return_instruction is set. */
  instruction?: string | null;
  /** Only when return_full_instruction is set. */
  full_instruction?: string | null;
  /** Only when context_tokens is set. */
  context?: string | null;
  /** The same as long as `context` is the same; also the header ETag. */
  context_etag?: string | null;
  /** Only when explain is set. */
  explanation?: SearchExplanation | null;
  /** What could not be done: where the embedder is away, for example, it was searched by words alone. */
  remarks?: Array<string> | null;
}

/** A tool and its arguments. */
export interface ToolFunction {
  /** The tool. */
  name?: string;
  /** JSON text. */
  arguments?: string | Record<string, unknown> | Array<unknown>;
  [more: string]: unknown;
}

/** Which files: by id, or a page of a knowledge base. */
export interface GetFiles {
  /** From add/knowledgebase-file. */
  file_ids?: string | Array<string>;
  /** Instead of file_ids: all files of this knowledge base, page by page. */
  knowledgebase_id?: string;
  /** Only files of this type: document or skill. */
  type?: "" | "document" | "skill";
  /** From 1. */
  page?: number;
  /** Files on a page; at most 100. */
  page_size?: number;
}

/** A page of an owner's memories, the newest first. */
export interface GetMemory {
  /** The user whose memories these are; at most 100 characters. */
  user_id?: string | null;
  /** Instead of a user: the agent whose own memories are meant. */
  agent_id?: string | null;
  /** From 1. */
  page?: number;
  /** So many of each kind on a page; at most 50. */
  size?: number;
  /** Preferences too. */
  include_preference?: boolean;
  /** Tool memories too. */
  include_tool_memory?: boolean;
  /** Skills too. */
  include_skill?: boolean;
  /** Only these views, in place of the `include_...` fields: detail_factual, profile, event, preference, tool_memory, skill. Names that do not exist are ignored, and remarked. */
  include_memory_view?: string | Array<string>;
  /** Conditions that hold before anything is ranked: `{"and": [...]}` or `{"or": [...]}` of `{field: value}` or `{field: {operator: value}}` with gte, lte, gt, lt, contains, in, like. Fields: agent_id, app_id, create_time, update_time, tags and any key of `info`. Or one for each source: `{"user": ..., "knowledgebase": ..., "public": ...}`. */
  filter?: Record<string, unknown>;
  /** archived: those that are no longer recalled. Souvenir's own. */
  status?: "activated" | "archived";
  /** Also what is past its expiration_date. Souvenir's own. */
  show_expired?: boolean;
  /** What held at a moment instead of what holds now: YYYY-MM-DD (the end of that day), YYYY-MM-DD HH:MM:SS, ISO 8601 or epoch milliseconds. What was said later is hidden, what was superseded later is shown. Souvenir's own. */
  as_of?: string | number;
}

/** Which messages to give back. */
export interface GetMessage {
  /** The user whose memories these are; at most 100 characters. */
  user_id: string;
  /** The conversation; the same id means the same context. At most 100 characters. Absent: every conversation. */
  conversation_id?: string;
  /** How many of the latest messages; at most 50, more counts as 50. */
  message_limit_number?: number;
  /** Without a conversation: from how many of the latest conversations. */
  conversation_limit_number?: number;
  /** Another name of message_limit_number. */
  limit?: number | null;
  /** A tag of the client; not used. */
  source?: string;
}

/** Which task. */
export interface GetStatus {
  /** From the answer of add/message. */
  task_id: string;
}

/** One process. */
export interface Health {
  /** gateway, redis, qdrant or status. */
  name: string;
  state: "ok" | "down";
  /** How long it took to answer, ms; null when it did not. */
  ms: number | null;
}

/** An earlier message, sent by clients that keep the conversation themselves. */
export interface HistoryMessage {
  /** Who said it; OpenAI's developer counts as system. */
  role: "user" | "assistant" | "system" | "tool";
  /** What was said, or a list of parts, of which the texts are read. */
  content?: string | Array<TextPart | ImagePart | FilePart>;
}

/** A picture: JPG, PNG and other common formats. */
export interface ImagePart {
  /** A picture. */
  type?: "image_url";
  /** Where it is; the bare URL will do. */
  image_url: ImageUrl;
  [more: string]: unknown;
}

/** The address of a picture. */
export interface ImageUrl {
  /** An http(s) URL, or `data:image/...;base64,...`. */
  url: string;
  [more: string]: unknown;
}

/** Records to store as they are. */
export interface Import {
  /** The user whose memories these are; at most 100 characters. */
  user_id: string;
  /** At most 200. Each has `record` ("message" or "memory"; of a knowledge base also "knowledge_base" or "knowledge_file"), `user_id` or `knowledgebase_id`, `conversation_id`, `agent_id` and `app_id`; the rest is what is kept of it. Times are epoch milliseconds. */
  records: Array<Record<string, unknown>>;
}

/** What was written. */
export interface Imported {
  /** Messages written. */
  messages: number;
  /** Memories written. */
  memories: number;
  /** Records passed over, since the user has them already. */
  known: number;
}

/** A key with its secret, which is answered this once. */
export interface KeyMade {
  /** `first` is the key of the settings or of the data folder. */
  id: string;
  name: string;
  project: string;
  /** read: search, list, export, chat. write: add, change, import, delete. admin: keys, quotas, settings and audit log of the project. */
  scopes: Array<"read" | "write" | "admin">;
  /** The only user that it opens. */
  user_id: string | null;
  /** The only agent whose own memories it opens. */
  agent_id: string | null;
  /** The last characters. */
  hint: string;
  /** null for keys of older releases. */
  created_at: number | null;
  /** Epoch milliseconds from which on it opens nothing; null for never. */
  expires_at: number | null;
  /** Up to five minutes late; null where it was never used. */
  last_used_at: number | null;
  /** The secret: keep it, it cannot be read again. */
  key: string;
}

/** A key without its secret. Times are epoch milliseconds. */
export interface KeyView {
  /** `first` is the key of the settings or of the data folder. */
  id: string;
  name: string;
  project: string;
  /** read: search, list, export, chat. write: add, change, import, delete. admin: keys, quotas, settings and audit log of the project. */
  scopes: Array<"read" | "write" | "admin">;
  /** The only user that it opens. */
  user_id: string | null;
  /** The only agent whose own memories it opens. */
  agent_id: string | null;
  /** The last characters. */
  hint: string;
  /** null for keys of older releases. */
  created_at: number | null;
  /** Epoch milliseconds from which on it opens nothing; null for never. */
  expires_at: number | null;
  /** Up to five minutes late; null where it was never used. */
  last_used_at: number | null;
}

/** A knowledge base of the project. */
export interface KnowledgeBaseView {
  id: string;
  name: string;
  description: string;
  /** Epoch milliseconds. */
  created_at: number;
  /** Files by status. */
  files: Record<string, number>;
}

/** What waits in one lane of one queue. */
export interface LaneView {
  /** text or files. */
  queue: string;
  /** sync, feedback or bulk. */
  lane: string;
  waiting: number;
}

/** A memory of the task that was changed since, and stays. */
export interface LeftAsItIs {
  memory_id: string;
  /** Why, for people. */
  reason: string;
}

/** Which page of the project's templates. */
export interface ListTemplates {
  /** From 1. */
  page?: number;
  /** So many on a page; at most 100. */
  size?: number;
}

/** A memory on the map. */
export interface MapPoint {
  id: string;
  /** -1..1 */
  x: number;
  /** -1..1 */
  y: number;
  kind: string;
  text: string;
  /** Created, epoch milliseconds. */
  at: number;
}

/** A user's memories by meaning. */
export interface MemoryMap {
  points: Array<MapPoint>;
}

/** One message of a conversation. */
export interface MessageIn {
  /** Who speaks; OpenAI's developer counts as system, function as tool. */
  role: "user" | "assistant" | "system" | "tool";
  /** Words, or a list of parts; may be missing when an assistant only calls tools. A system message may hold tool schemas between `<tool_schema>` and `</tool_schema>`. */
  content?: string | Array<TextPart | ImagePart | FilePart> | null;
  /** When it was said, in free text; now when absent. Relative dates in the words count from it. */
  chat_time?: string;
  /** The tools that an assistant calls. */
  tool_calls?: Array<ToolCall>;
  /** Which call this tool message answers. */
  tool_call_id?: string;
  /** In a group chat: who. */
  role_id?: string;
  /** In a group chat: their name. */
  role_name?: string;
  /** The same as OpenAI's clients send it; role_name wins. */
  name?: string;
  [more: string]: unknown;
}

/** One message, as it was sent. Times are `YYYY-MM-DD HH:MM:SS`, under both spellings. */
export interface MessageOut {
  role: string;
  /** Words, or the list of parts that was sent. */
  content: unknown;
  create_time: string;
  update_time: string;
  createTime: string;
  updateTime: string;
  [more: string]: unknown;
}

/** The latest messages, the oldest of them first. */
export interface MessagesPage {
  message_detail_list: Array<MessageOut>;
  /** Numbers that count as others, and fields that there are not. Souvenir's own. */
  remarks?: Array<string> | null;
}

/** A call of a language model, without contents. */
export interface ModelCallView {
  /** Epoch milliseconds at its end. */
  at: number;
  /** extract, vision or chat. */
  role: string;
  model: string;
  /** answered, cut, unavailable, refused, misconfigured, no_budget. */
  outcome: string;
  prompt_tokens: number;
  completion_tokens: number;
  /** To the end of its answer. */
  ms: number;
  /** By SOUVENIR_MODEL_PRICES; null for a model without a price. */
  cost: number | null;
  /** ISO 4217. */
  currency: string;
}

/** What calls of language models cost. */
export interface ModelCost {
  calls: number;
  prompt_tokens: number;
  completion_tokens: number;
  /** From each request to the end of its answer, added up. */
  milliseconds: number;
}

/** The template that was asked for. */
export interface OneTemplate {
  profile_template: WholeTemplate;
}

/** What became of one memory that was found. */
export interface Outcome {
  memory_id: string;
  /** stored, merged (into `other`), superseded (it took the place of `other`) or dropped; archived or restored by an order of the user ("forget ...", "undo"). */
  outcome: string;
  /** fact, preference, tool or skill. */
  kind: string;
  /** Why, where there is something to say. */
  reason: string;
  /** The memory that was there before, if any. */
  other: string;
}

/** How the system does. */
export interface Overview {
  version: string;
  embedder: string;
  /** The model; empty for the built-in extractor. */
  extractor: string;
  /** Empty where answers only quote memories. */
  chat_model: string;
  health: Array<Health>;
  /** Those that have said that they run in the last 30 seconds. */
  workers: Array<WorkerView>;
  /** Users with a memory. */
  users: number;
  /** Of all users, by kind. */
  memories: Record<string, number>;
  /** The last 24 hours of this gateway process, since its start. */
  traffic: Array<Traffic>;
  today: Today;
  /** Tasks that are queued or running; at most 500. */
  waiting: number;
  /** When the oldest of them was sent, epoch milliseconds. */
  oldest_waiting: number | null;
  /** Dead letters; at most 500. */
  dead: number;
}

/** One page of each kind. */
export interface Page {
  /** Facts. */
  memory_detail_list: Array<FactItem>;
  /** Preferences. */
  preference_detail_list: Array<PreferenceItem>;
  /** Tool memories. */
  tool_memory_detail_list: Array<ToolItem>;
  /** Skills. */
  skill_detail_list: Array<SkillItem>;
  /** The owner's profiles; only with include_memory_view. */
  profile_detail_list?: Array<Profile> | null;
  /** Events; only with include_memory_view. */
  event_detail_list?: Array<EventItem> | null;
  /** The number of memories of the kind that has the most. */
  total: number;
  size: number;
  /** This page, from 1. */
  current: number;
  pages: number;
  /** What of the request means nothing here, and where nothing was found what the filter asks for that there may not be. Souvenir's own. */
  remarks?: Array<string> | null;
}

/** A preference, and the reason for taking it as one. */
export interface PreferenceItem {
  id: string;
  /** Where it came from. */
  conversation_id: string;
  /** Only activated memories are shown. */
  status: string;
  /** Epoch milliseconds. */
  create_time: number;
  /** Epoch milliseconds. */
  update_time: number;
  /** The last day on which it is shown; only where it has one. */
  expiration_date?: string | null;
  /** When it was first said, epoch milliseconds. Souvenir's own. */
  valid_from: number;
  /** Only of what holds no more: when what superseded it was said, epoch milliseconds. Souvenir's own. */
  valid_until?: number | null;
  /** How relevant to the query, 0..1; only in a search. */
  relativity?: number | null;
  /** true: text of a file or of a tool that reads like an instruction to a model: show it as a quotation, never as an order. */
  quarantined?: boolean | null;
  /** The messages or the places in files it was read from; in a search only where context_format asks for them, there with their `message_id`. */
  sources?: Array<unknown> | null;
  /** What was sent along as `info`; not in a search. */
  info?: Record<string, unknown> | null;
  /** What it took the place of, newest first: `id`, `text`, `create_time`, `update_time` (when it was archived), `valid_from` and `valid_until`; not in a search. */
  history?: Array<Record<string, unknown>> | null;
  /** Its words once more; only where it is asked for by its id. */
  memory?: string | null;
  /** Its fields in the form of the open-source server, `sources` among them; only where it is asked for by its id. */
  metadata?: Record<string, unknown> | null;
  /** What rate/memory was told of it, oldest first: `thumb`, `query`, `user_id`, `reason`, `create_time`; not in a search. Souvenir's own. */
  thumbs?: Array<unknown> | null;
  /** explicit_preference (said) or implicit_preference (inferred). */
  preference_type: string;
  preference: string;
  /** Why. */
  reasoning: string;
}

/** A profile of an owner: all of its fields. */
export interface Profile {
  /** Of the binding; empty for what was read from memories without a template. */
  id: string;
  profile_template_id: string;
  profile_template_name: string;
  memory_type?: string;
  status?: string;
  /** `{category: {field: {"value", "algorithm_updatable"}}}`. */
  properties: Record<string, unknown>;
  create_time: number;
  update_time: number;
}

/** One attribute of a profile. */
export interface ProfileItem {
  /** The memory that holds it, or that it was read from. */
  id: string;
  /** Path and value. */
  memory: string;
  memory_type?: string;
  /** Empty for what was read from memories without a template. */
  template_id: string;
  profile_category: string;
  profile_field: string;
  profile_path: string;
  value: string;
  status: string;
  /** 0..1 */
  confidence: number;
  /** How relevant to the query, 0..1. A profile comes whole, whatever the threshold. */
  relativity: number;
  /** Whether what is said may change it. */
  algorithm_updatable: boolean;
  create_time: number;
  update_time: number;
}

/** What waits of one project. */
export interface ProjectBacklog {
  project: string;
  waiting: number;
}

/** The settings of a project, and what it has used. */
export interface ProjectView {
  extract_instructions: Record<string, string>;
  /** Tokens of language models in a day (UTC); 0: as for all projects. */
  daily_tokens: number;
  /** The same in a month. */
  monthly_tokens: number;
  /** Days after which a user's memory that no search gave has lost half of the place that decay takes; 0: none is lost. */
  decay_days: number;
  /** Tokens; 0 where they cannot be counted now. */
  used_today: number;
  used_this_month: number;
}

/** A quota, and what is used of it. Every 0 of a limit is any number. */
export interface QuotaView {
  project: string;
  /** Memories of all users; 0: as for all projects. */
  memories: number;
  /** Bytes of messages, of the files in them and of the documents of knowledge bases; 0: as for all projects. */
  stored_bytes: number;
  /** Tokens of language models in a day (UTC), which the project's own budget cannot exceed; 0: no limit but that budget. */
  daily_tokens: number;
  /** The same in a month. */
  monthly_tokens: number;
  /** What holds: the project's, or that of all projects. */
  memories_limit: number;
  /** What holds: the project's, or that of all projects. */
  stored_bytes_limit: number;
  used_memories: number;
  used_bytes: number;
  /** 0 where they cannot be counted now. */
  used_tokens_today: number;
  used_tokens_this_month: number;
}

/** A text and its place in the request. */
export interface Ranked {
  /** Its place among `documents`, from 0. */
  index: number;
  document: RankedText;
  /** 0..1 */
  relevance_score: number;
}

/** What somebody thinks of memories, or of those that a search gave. */
export interface RateMemory {
  /** The memories, at most 100: all or none are rated. */
  memory_ids: string | Array<string>;
  /** up: of use; down: of none; none: takes back what was thought before. */
  thumb: "up" | "down" | "none";
  /** The question that it was, or was not, of use for: it counts for questions like this one. Without it a little for every question. */
  query?: string;
  /** Of memories that others see too (public ones, knowledge bases): in whose searches it counts. Without it in everybody's; by a key for one user always in that user's. */
  user_id?: string | null;
  /** Why, for people. */
  reason?: string;
}

/** The memories that were rated. */
export interface RatedMemories {
  rated: Array<RatedMemory>;
  /** What could not be done as usual. */
  remarks?: Array<string> | null;
}

/** A memory and what is thought of it now. */
export interface RatedMemory {
  memory_id: string;
  /** Oldest first, at most 20. */
  thumbs: Array<ThumbItem>;
}

/** A request that was answered. */
export interface RequestView {
  /** Epoch milliseconds at its end. */
  at: number;
  method: string;
  path: string;
  status: number;
  ms: number;
  /** The last characters of its API key. */
  key: string;
}

/** Texts to order by relevance. */
export interface Rerank {
  /** Any name is accepted and given back, unless a reranker is configured: then its name comes back. */
  model?: string;
  /** What they shall be relevant to. */
  query: string;
  /** The texts, at most 1000. */
  documents: Array<string>;
  /** Only so many come back; all of them when absent. */
  top_n?: number | null;
}

/** The texts, the most relevant first. No envelope: this is the shape that reranking services have in common. */
export interface Reranked {
  id: string;
  model: string;
  usage: Usage;
  results: Array<Ranked>;
  /** What of the request means nothing here. Souvenir's own. */
  remarks?: Array<string> | null;
}

/** Which version of a memory is to be current again. */
export interface RestoreMemory {
  /** The memory. */
  memory_id: string;
  /** The id of an entry of its `history`. */
  version_id: string;
}

/** What restoring a version has done. */
export interface RestoredMemory {
  /** The memory that says now what the version said: the same one where it had been changed by hand, else the one that had been superseded. */
  memory_id: string;
  /** What it says. */
  text: string;
  /** What was current, as it stands in the history; empty where the memory said that already, and nothing was done. */
  archived_id: string;
  /** When, epoch milliseconds. */
  update_time: number;
}

/** The key to revoke is in the path. */
export interface RevokeKey {
  /** Which project; that of the key when absent. Another one only by an admin key of the project `default`. */
  project?: string;
}

/** How a key is rotated. */
export interface RotateKey {
  /** Which project; that of the key when absent. Another one only by an admin key of the project `default`. */
  project?: string;
  /** Seconds for which the old secret works beside the new one; at most 7 days. 0: it ends at once. */
  overlap_s?: number;
}

/** How a webhook gets a new secret. */
export interface RotateSecret {
  /** Which project; that of the key when absent. Another one only by an admin key of the project `default`. */
  project?: string;
  /** Seconds for which what is sent is signed with the old secret too; a day when absent, at most 7 days. 0: the old one ends at once. */
  overlap_s?: number;
}

/** Why the memories came back, and what was cut. */
export interface SearchExplanation {
  /** The least relativity that comes back. */
  threshold: number;
  questions: Array<ExplainedQuestion>;
  /** By kind, question and rank. A memory that came along because it changed another one, and was not brought up itself, is not among them. */
  considered: Array<ExplainedMemory>;
}

/** A question to the memories of one user. */
export interface SearchMemory {
  /** The user whose memories these are; at most 100 characters. */
  user_id?: string | null;
  /** Instead of a user: the agent whose own memories are meant. */
  agent_id?: string | null;
  /** What to look for; at most 20,000 tokens. */
  query: string;
  /** The conversation; the same id means the same context. At most 100 characters. Its memories rank higher, others still come back. */
  conversation_id?: string;
  /** Conditions that hold before anything is ranked: `{"and": [...]}` or `{"or": [...]}` of `{field: value}` or `{field: {operator: value}}` with gte, lte, gt, lt, contains, in, like. Fields: agent_id, app_id, create_time, update_time, tags and any key of `info`. Or one for each source: `{"user": ..., "knowledgebase": ..., "public": ...}`. */
  filter?: Record<string, unknown>;
  /** Knowledge bases to search as well, by id; `all` for every one of the project. None when empty. */
  knowledgebase_ids?: string | Array<string>;
  /** At most so many facts; more than 25 counts as 25. */
  memory_limit_number?: number;
  /** Preferences too. */
  include_preference?: boolean;
  /** At most so many preferences; more than 25 counts as 25. */
  preference_limit_number?: number;
  /** Tool memories too. */
  include_tool_memory?: boolean;
  /** At most so many tool memories; more than 25 counts as 25. */
  tool_memory_limit_number?: number;
  /** Skills too. */
  include_skill?: boolean;
  /** At most so many skills; more than 25 counts as 25. */
  skill_limit_number?: number;
  /** The least relevance that comes back, 0..1; 0 lets everything through. */
  relativity?: number;
  /** A tag of the client; not used. */
  source?: string;
  /** Also what is past its expiration_date. Souvenir's own. */
  show_expired?: boolean;
  /** Only these views, in place of the `include_...` fields: detail_factual, profile, event, preference, tool_memory, skill. Names that do not exist are ignored, and remarked. */
  include_memory_view?: string | Array<string>;
  /** Accepted; the lists are the matches. */
  return_matches?: boolean;
  /** Also a half-finished prompt from the memories and the query. */
  return_instruction?: boolean;
  /** Also a prompt that can go to a model as it is. */
  return_full_instruction?: boolean;
  /** memory: what is remembered. sources: each memory comes with the messages and the places in files that it was read from, and `context` is made of these. mixed: both are in `context`. */
  context_format?: "memory" | "sources" | "mixed";
  /** Also `context`: what was found as one text of at most so many tokens, in an order that stays, so that a prompt cache holds. Souvenir's own. */
  context_tokens?: number;
  /** What held at a moment instead of what holds now: YYYY-MM-DD (the end of that day), YYYY-MM-DD HH:MM:SS, ISO 8601 or epoch milliseconds. What was said later is hidden, what was superseded later is shown. Souvenir's own. */
  as_of?: string | number;
  /** Also every memory that was considered, with the terms of its score and why it came back or did not. Souvenir's own. */
  explain?: boolean;
}

/** What to change; what is left out stays. */
export interface SetQuota {
  /** Which project; that of the key when absent. Another one only by an admin key of the project `default`. */
  project?: string;
  /** Memories of all users; 0: as for all projects. */
  memories?: number | null;
  /** Bytes of messages, of the files in them and of the documents of knowledge bases; 0: as for all projects. */
  stored_bytes?: number | null;
  /** Tokens of language models in a day (UTC), which the project's own budget cannot exceed; 0: no limit but that budget. */
  daily_tokens?: number | null;
  /** The same in a month. */
  monthly_tokens?: number | null;
}

/** A setting as it is in force. */
export interface Setting {
  /** The environment variable. */
  name: string;
  meaning: string;
  /** Of a secret one only "set" or nothing. */
  value: string;
  /** It is as it comes. */
  default: boolean;
  secret: boolean;
}

/** A skill. */
export interface SkillItem {
  id: string;
  /** Where it came from. */
  conversation_id: string;
  /** Only activated memories are shown. */
  status: string;
  /** Epoch milliseconds. */
  create_time: number;
  /** Epoch milliseconds. */
  update_time: number;
  /** The last day on which it is shown; only where it has one. */
  expiration_date?: string | null;
  /** When it was first said, epoch milliseconds. Souvenir's own. */
  valid_from: number;
  /** Only of what holds no more: when what superseded it was said, epoch milliseconds. Souvenir's own. */
  valid_until?: number | null;
  /** How relevant to the query, 0..1; only in a search. */
  relativity?: number | null;
  /** true: text of a file or of a tool that reads like an instruction to a model: show it as a quotation, never as an order. */
  quarantined?: boolean | null;
  /** The messages or the places in files it was read from; in a search only where context_format asks for them, there with their `message_id`. */
  sources?: Array<unknown> | null;
  /** What was sent along as `info`; not in a search. */
  info?: Record<string, unknown> | null;
  /** What it took the place of, newest first: `id`, `text`, `create_time`, `update_time` (when it was archived), `valid_from` and `valid_until`; not in a search. */
  history?: Array<Record<string, unknown>> | null;
  /** Its words once more; only where it is asked for by its id. */
  memory?: string | null;
  /** Its fields in the form of the open-source server, `sources` among them; only where it is asked for by its id. */
  metadata?: Record<string, unknown> | null;
  /** What rate/memory was told of it, oldest first: `thumb`, `query`, `user_id`, `reason`, `create_time`; not in a search. Souvenir's own. */
  thumbs?: Array<unknown> | null;
  skill_value: SkillValue;
  /** Where its file can be fetched; empty when there is none. */
  skill_url: string;
  skill_type: string;
  /** 0..1 */
  confidence: number;
  tags: Array<string>;
}

/** A way of doing something. */
export interface SkillValue {
  name?: string;
  description?: string;
  procedure?: string;
  experience?: Array<string>;
  preference?: Array<string>;
  examples?: Array<string>;
  script?: Record<string, unknown>;
  others?: Record<string, unknown>;
}

/** A message of the conversation that a memory was read from. */
export interface SourceMessage {
  id: string;
  role: string;
  text: string;
  /** When it arrived, epoch milliseconds. */
  at: number;
  /** Whether the memory was read from this one. */
  marked: boolean;
  /** As it was sent. */
  message: Record<string, unknown>;
}

/** A passage of the document that a memory was read from. */
export interface SourcePassage {
  /** What was read of it. */
  memory_id: string;
  text: string;
  /** From 1; 0 where there are no pages. */
  page: number;
  /** Whether it is the memory's own. */
  marked: boolean;
}

/** The embedder of the store, and the one that is to take its place. */
export interface StoredEmbedder {
  /** Whose vectors are searched. */
  embedder: string;
  /** Numbers in one of them. */
  size: number;
  /** An older release began the store, and it is as it was. */
  older: boolean;
  /** The embedder that the settings name, else the best that comes along: `reindex` changes to it. */
  wanted: string;
  /** Whose vectors are being made; null when none are. */
  next: string | null;
  /** Memories of all projects that are to have a vector. */
  memories: number;
  /** Those of them without a vector of `next`, or else of `embedder`. */
  lacking: number;
  /** Whether the relativity was fitted for `embedder`; see `docs/embedders.md`. */
  calibrated: boolean;
}

/** Accepted work, and how it stands. */
export interface TaskOnWire {
  task_id: string;
  /** As get/status says it. */
  status: "running" | "completed" | "failed";
  /** More exactly: dead is out of tries and can be replayed, cancelled was called off. */
  state: "queued" | "running" | "completed" | "failed" | "dead" | "cancelled";
  /** queued, parse, split, extract, embed, merge, store or done, in this order; some may be left out. Many memories are stored batch by batch: from the first batch on it stays at store. */
  step: string;
  /** add, feedback, document (of a knowledge base), extract or reindex. */
  work: string;
  /** Whose; empty for a knowledge base's document. */
  user_id: string;
  conversation_id: string;
  /** Tries begun. */
  attempts: number;
  /** Epoch milliseconds. */
  created_at: number;
  /** Epoch milliseconds. */
  updated_at: number;
  /** How far it is. */
  progress: Figures;
  /** Its files, as far as they are known yet. */
  files: Array<TaskFile>;
  /** How many memories were stored, merged, superseded, dropped, archived, restored. */
  counts: Record<string, number>;
  /** Only of a document. */
  knowledgebase_id?: string | null;
  /** Only of a document. */
  file_id?: string | null;
  /** Only where one was asked for. */
  webhook?: Delivery | null;
  /** What was added and updated, once it has ended. */
  memory_views?: Record<string, unknown> | null;
  /** What its calls of language models cost; only where there were any. */
  usage?: ModelCost | null;
  /** Why a running task rests: a language model is away, or the last try failed. */
  waiting_because?: string | null;
  /** What went less well than it could have, and what was done instead. A completed task with remarks can be replayed. */
  remarks?: Array<string>;
  /** Secrets that were taken out before anything was stored (SOUVENIR_REDACT); only where there were any. */
  redacted?: Array<string>;
  /** Why it failed. */
  error_code?: number | null;
  /** Why it failed, for people. */
  error_message?: string | null;
}

/** How a task stands. A failed one says why. */
export interface TaskStatus {
  task_id: string;
  /** As get/status says it. */
  status: "running" | "completed" | "failed";
  /** More exactly: dead is out of tries and can be replayed, cancelled was called off. */
  state: "queued" | "running" | "completed" | "failed" | "dead" | "cancelled";
  /** queued, parse, split, extract, embed, merge, store or done, in this order; some may be left out. Many memories are stored batch by batch: from the first batch on it stays at store. */
  step: string;
  /** add, feedback, document (of a knowledge base), extract or reindex. */
  work: string;
  /** Whose; empty for a knowledge base's document. */
  user_id: string;
  conversation_id: string;
  /** Tries begun. */
  attempts: number;
  /** Epoch milliseconds. */
  created_at: number;
  /** Epoch milliseconds. */
  updated_at: number;
  /** How far it is. */
  progress: Figures;
  /** Its files, as far as they are known yet. */
  files: Array<TaskFile>;
  /** How many memories were stored, merged, superseded, dropped, archived, restored. */
  counts: Record<string, number>;
  /** Only of a document. */
  knowledgebase_id?: string | null;
  /** Only of a document. */
  file_id?: string | null;
  /** Only where one was asked for. */
  webhook?: Delivery | null;
  /** What was added and updated, once it has ended. */
  memory_views?: Record<string, unknown> | null;
  /** What its calls of language models cost; only where there were any. */
  usage?: ModelCost | null;
  /** Why a running task rests: a language model is away, or the last try failed. */
  waiting_because?: string | null;
  /** What went less well than it could have, and what was done instead. A completed task with remarks can be replayed. */
  remarks?: Array<string>;
  /** Secrets that were taken out before anything was stored (SOUVENIR_REDACT); only where there were any. */
  redacted?: Array<string>;
  /** Why it failed. */
  error_code?: number | null;
  /** Why it failed, for people. */
  error_message?: string | null;
}

/** The template is as it was asked for. */
export interface TemplateChanged {
  success: boolean;
  profile_template_id: string;
}

/** The template is gone. */
export interface TemplateDeleted {
  success: boolean;
  profile_template_id: string;
  /** Profiles that went with it. */
  deleted_instances: number;
}

/** The template that was made. */
export interface TemplateMade {
  profile_template_id: string;
}

/** One page of templates, newest first. */
export interface TemplatePage {
  profile_templates: Array<TemplateSummary>;
  /** Templates of the project. */
  total: number;
  /** This page, from 1. */
  current: number;
  size: number;
  pages: number;
  /** What of the request counts otherwise or means nothing here. Souvenir's own. */
  remarks?: Array<string> | null;
}

/** A request about one template. */
export interface TemplateRequest {
  /** The template. */
  profile_template_id: string;
}

/** A template without its fields. */
export interface TemplateSummary {
  profile_template_id: string;
  name: string;
  project_id: string;
  /** Profiles by it: users and agents that it is bound to. */
  instance_count: number;
  /** Epoch milliseconds. */
  create_time: number;
  /** Epoch milliseconds. */
  update_time: number;
}

/** A text. */
export interface TextPart {
  /** Words. */
  type?: "text";
  /** The words; may be empty. */
  text: string;
  [more: string]: unknown;
}

/** One thumb on a memory. */
export interface ThumbItem {
  thumb: "up" | "down";
  /** The question that it is about; empty for any. */
  query: string;
  /** In whose searches it counts; empty for all who see the memory. */
  user_id: string;
  reason: string;
  /** Epoch milliseconds. */
  create_time: number;
}

/** What was made of what came in today, in the time zone of the server. */
export interface Today {
  /** Begun today, of the latest 500. */
  tasks: number;
  /** How many memories were stored, merged, superseded, dropped. */
  outcomes: Record<string, number>;
}

/** What is known of a tool (ToolSchemaMemory), or what happened when tools were used (ToolTrajectoryMemory). */
export interface ToolItem {
  id: string;
  /** Where it came from. */
  conversation_id: string;
  /** Only activated memories are shown. */
  status: string;
  /** Epoch milliseconds. */
  create_time: number;
  /** Epoch milliseconds. */
  update_time: number;
  /** The last day on which it is shown; only where it has one. */
  expiration_date?: string | null;
  /** When it was first said, epoch milliseconds. Souvenir's own. */
  valid_from: number;
  /** Only of what holds no more: when what superseded it was said, epoch milliseconds. Souvenir's own. */
  valid_until?: number | null;
  /** How relevant to the query, 0..1; only in a search. */
  relativity?: number | null;
  /** true: text of a file or of a tool that reads like an instruction to a model: show it as a quotation, never as an order. */
  quarantined?: boolean | null;
  /** The messages or the places in files it was read from; in a search only where context_format asks for them, there with their `message_id`. */
  sources?: Array<unknown> | null;
  /** What was sent along as `info`; not in a search. */
  info?: Record<string, unknown> | null;
  /** What it took the place of, newest first: `id`, `text`, `create_time`, `update_time` (when it was archived), `valid_from` and `valid_until`; not in a search. */
  history?: Array<Record<string, unknown>> | null;
  /** Its words once more; only where it is asked for by its id. */
  memory?: string | null;
  /** Its fields in the form of the open-source server, `sources` among them; only where it is asked for by its id. */
  metadata?: Record<string, unknown> | null;
  /** What rate/memory was told of it, oldest first: `thumb`, `query`, `user_id`, `reason`, `create_time`; not in a search. Souvenir's own. */
  thumbs?: Array<unknown> | null;
  tool_type: string;
  /** The story, or the schema as JSON text. */
  tool_value: string;
  /** Only for trajectories. */
  tool_used_status?: Array<ToolUseItem> | null;
  /** The rule drawn from it; only for trajectories. */
  experience?: string | null;
}

/** How often one tool succeeded. */
export interface ToolUseItem {
  used_tool: string;
  /** Empty when it never failed. */
  error_type: string;
  /** 0..1 */
  success_rate: number;
  tool_experience: string;
}

/** A quarter of an hour. `add` and `search` are set apart from `other`. */
export interface Traffic {
  /** Its beginning, epoch milliseconds. */
  at: number;
  counts: Record<string, number>;
  /** Answered with 500 or more, or not at all. */
  failed: number;
  /** Median ms by operation. */
  p50: Record<string, number>;
  /** 95th percentile, ms. */
  p95: Record<string, number>;
}

/** What undoing a task has done; the same however often it is asked for. */
export interface UndoneTask {
  task_id: string;
  /** The ids of the memories that the task had added, and that are gone. */
  removed: Array<string>;
  /** The ids of those that it had archived or changed, and that are as they were. */
  restored: Array<string>;
  /** Those that stay as they are now, since something changed them after the task. */
  left: Array<LeftAsItIs>;
  /** Epoch milliseconds. */
  undone_at: number;
}

/** What to change about a memory. */
export interface UpdateMemory {
  /** The last day, YYYY-MM-DD in UTC, on which searches and lists show it; from the next day on it is read by its id, or with show_expired. Souvenir's own. An empty text or null: it does not expire. */
  expiration_date?: string | null;
  /** The memory. */
  memory_id: string;
  /** The new text. */
  content?: string;
  /** The new title. */
  title?: string;
  /** archived: no longer recalled; deleted: gone. */
  status?: "" | "activated" | "archived" | "deleted";
}

/** A template as it is to be from now on. */
export interface UpdateTemplate {
  /** The template. */
  profile_template_id: string;
  /** The new name; unchanged when absent. */
  name?: string;
  /** Fields, nested in categories: `{category: {field: {"value": ..., "algorithm_updatable": bool}}}`; a field that may not be updated keeps its value whatever is said. All fields; unchanged when absent. */
  metadata?: Record<string, unknown>;
}

/** What to change about a webhook; what is absent stays. */
export interface UpdateWebhook {
  /** Which project; that of the key when absent. Another one only by an admin key of the project `default`. */
  project?: string;
  /** An http(s) URL. Inner addresses only where SOUVENIR_FETCH_ALLOW names them. */
  url?: string | null;
  /** For people. */
  name?: string | null;
  /** Which events it gets: memory_add, memory_update, memory_delete, memory_categorize. A memory that is superseded or forgotten is deleted for it. */
  event_types?: Array<string> | null;
  /** false: nothing is sent, nor kept to be sent later. When absent one that was turned off by hand stays off; one whose receiver wanted no more, or whose address must not be reached, is on again. */
  is_active?: boolean | null;
}

/** The tokens that were read, estimated. */
export interface Usage {
  prompt_tokens: number;
  total_tokens: number;
}

/** A user, and how many memories they have. */
export interface UserCounts {
  user_id: string;
  /** By kind. */
  counts: Record<string, number>;
}

/** All users who have a message or a memory. */
export interface Users {
  /** In alphabetical order. `agent:x` holds what is agent x's own. */
  user_id_list: Array<string>;
}

/** A webhook with its secret, which is answered this once. */
export interface WebhookMade {
  webhook_id: string;
  name: string;
  url: string;
  project: string;
  /** Which events it gets: memory_add, memory_update, memory_delete, memory_categorize. A memory that is superseded or forgotten is deleted for it. */
  event_types: Array<string>;
  /** false where it was turned off by hand, and once its receiver answered 410, or its address must not be reached: then any change of the webhook turns it on again. */
  is_active: boolean;
  /** Of the last try that failed; empty once one has succeeded. */
  error: string;
  /** Events that wait to be delivered. */
  waiting: number;
  /** Until when what is sent is signed with an older secret too; null where there is none. */
  old_secret_until: number | null;
  created_at: number;
  updated_at: number;
  /** Signs what is sent (Standard Webhooks): keep it, it cannot be read again. */
  secret: string;
}

/** A webhook without its secret. Times are epoch milliseconds. */
export interface WebhookView {
  webhook_id: string;
  name: string;
  url: string;
  project: string;
  /** Which events it gets: memory_add, memory_update, memory_delete, memory_categorize. A memory that is superseded or forgotten is deleted for it. */
  event_types: Array<string>;
  /** false where it was turned off by hand, and once its receiver answered 410, or its address must not be reached: then any change of the webhook turns it on again. */
  is_active: boolean;
  /** Of the last try that failed; empty once one has succeeded. */
  error: string;
  /** Events that wait to be delivered. */
  waiting: number;
  /** Until when what is sent is signed with an older secret too; null where there is none. */
  old_secret_until: number | null;
  created_at: number;
  updated_at: number;
}

/** A memory with all that is known of it; archived ones too. */
export interface WholeMemory {
  memory: FactItem | PreferenceItem | ToolItem | SkillItem;
  kind: string;
  text: string;
  user_id: string;
  agent_id: string;
  knowledgebase_id: string;
  speaker: string;
  /** Epoch milliseconds. */
  happened_at: number | null;
  /** Epoch milliseconds. */
  said_at: number | null;
  /** The task that made it. */
  task_id: string | null;
  /** A raw message that is still to be refined. */
  fast: boolean;
  public: boolean;
  messages: Array<SourceMessage>;
  /** `file` and `page`, from 1; 0 where there are no pages. */
  pages: Array<Record<string, unknown>>;
  /** Of a document: those of its page in their order, or around it. */
  passages: Array<SourcePassage>;
  changes: Array<Change>;
}

/** A task with what became of every memory. */
export interface WholeTask {
  task_id: string;
  /** As get/status says it. */
  status: "running" | "completed" | "failed";
  /** More exactly: dead is out of tries and can be replayed, cancelled was called off. */
  state: "queued" | "running" | "completed" | "failed" | "dead" | "cancelled";
  /** queued, parse, split, extract, embed, merge, store or done, in this order; some may be left out. Many memories are stored batch by batch: from the first batch on it stays at store. */
  step: string;
  /** add, feedback, document (of a knowledge base), extract or reindex. */
  work: string;
  /** Whose; empty for a knowledge base's document. */
  user_id: string;
  conversation_id: string;
  /** Tries begun. */
  attempts: number;
  /** Epoch milliseconds. */
  created_at: number;
  /** Epoch milliseconds. */
  updated_at: number;
  /** How far it is. */
  progress: Figures;
  /** Its files, as far as they are known yet. */
  files: Array<TaskFile>;
  /** How many memories were stored, merged, superseded, dropped, archived, restored. */
  counts: Record<string, number>;
  /** Only of a document. */
  knowledgebase_id?: string | null;
  /** Only of a document. */
  file_id?: string | null;
  /** Only where one was asked for. */
  webhook?: Delivery | null;
  /** What was added and updated, once it has ended. */
  memory_views?: Record<string, unknown> | null;
  /** What its calls of language models cost; only where there were any. */
  usage?: ModelCost | null;
  /** Why a running task rests: a language model is away, or the last try failed. */
  waiting_because?: string | null;
  /** What went less well than it could have, and what was done instead. A completed task with remarks can be replayed. */
  remarks?: Array<string>;
  /** Secrets that were taken out before anything was stored (SOUVENIR_REDACT); only where there were any. */
  redacted?: Array<string>;
  /** Why it failed. */
  error_code?: number | null;
  /** Why it failed, for people. */
  error_message?: string | null;
  /** In the order in which they were found. */
  receipts: Array<Outcome>;
}

/** A template with its fields. */
export interface WholeTemplate {
  profile_template_id: string;
  name: string;
  project_id: string;
  /** Profiles by it: users and agents that it is bound to. */
  instance_count: number;
  /** Epoch milliseconds. */
  create_time: number;
  /** Epoch milliseconds. */
  update_time: number;
  /** Fields, nested in categories: `{category: {field: {"value": ..., "algorithm_updatable": bool}}}`; a field that may not be updated keeps its value whatever is said. */
  metadata: Record<string, unknown>;
}

/** One process of a worker. */
export interface WorkerView {
  /** text or files. */
  queue: string;
  /** The machine; empty for keys that are no operator's. */
  host: string;
  pid: number;
  started_at: number;
  /** Whether it has a task in hand. */
  busy: boolean;
  /** Those of this project that it has in hand. */
  task_ids: Array<string>;
}

/**
 * Every path below /api/openmem/v1: the request's body (of a GET its query), and the
 * answer's `data`.
 */
export interface Routes {
  "/add/message": { request: AddMessage; data: Accepted };
  "/add/feedback": { request: AddFeedback; data: Accepted };
  "/search/memory": { request: SearchMemory; data: FoundOnWire };
  "/get/message": { request: GetMessage; data: MessagesPage };
  "/get/memory": { request: GetMemory; data: Page };
  "/get/memory/{memory_id}": { request: Record<string, never>; data: FactItem | PreferenceItem | ToolItem | SkillItem };
  "/delete/memory": { request: DeleteMemory; data: Done };
  "/update/memory": { request: UpdateMemory; data: Done };
  "/restore/memory": { request: RestoreMemory; data: RestoredMemory };
  "/rate/memory": { request: RateMemory; data: RatedMemories };
  "/get/status": { request: GetStatus; data: TaskStatus | Array<TaskStatus> };
  "/tasks": { request: { user_id?: string; agent_id?: string; state?: Array<"queued" | "running" | "completed" | "failed" | "dead" | "cancelled">; limit?: number }; data: Array<TaskOnWire> };
  "/tasks/dead": { request: { limit?: number }; data: Array<TaskOnWire> };
  "/tasks/remarked": { request: { limit?: number }; data: Array<TaskOnWire> };
  "/tasks/{task_id}": { request: Record<string, never>; data: WholeTask };
  "/tasks/{task_id}/events": { request: Record<string, never>; data: unknown };
  "/tasks/{task_id}/cancel": { request: Record<string, never>; data: TaskOnWire };
  "/tasks/{task_id}/replay": { request: Record<string, never>; data: TaskOnWire };
  "/tasks/{task_id}/undo": { request: Record<string, never>; data: UndoneTask };
  "/create/knowledgebase": { request: CreateKnowledgeBase; data: Created };
  "/delete/knowledgebase": { request: DeleteKnowledgeBase; data: Done };
  "/add/knowledgebase-file": { request: { knowledgebase_id: string; file: Array<{ content: string; name?: string; type?: "document" | "skill" | null }>; webhook_url?: string }; data: Array<AddedFile> };
  "/get/knowledgebase-file": { request: GetFiles; data: FilesPage };
  "/delete/knowledgebase-file": { request: DeleteFiles; data: Done };
  "/chat": { request: ChatRequest; data: Answered };
  "/rerank": { request: Rerank; data: Reranked };
  "/extract/memory": { request: ExtractMemory; data: Extracted | ExtractedLater };
  "/extract/memory/{task_id}": { request: Record<string, never>; data: ExtractedLater };
  "/export/memory": { request: Export; data: Exported };
  "/import/memory": { request: Import; data: Imported };
  "/list/user": { request: Record<string, never>; data: Users };
  "/add/profile_template": { request: AddTemplate; data: TemplateMade };
  "/list/profile_template": { request: ListTemplates; data: TemplatePage };
  "/get/profile_template": { request: TemplateRequest; data: OneTemplate };
  "/update/profile_template": { request: UpdateTemplate; data: TemplateChanged };
  "/delete/profile_template": { request: DeleteTemplate; data: TemplateDeleted };
  "/bind/profile_template": { request: BindProfiles; data: Done };
  "/edit/profile": { request: EditProfile; data: Done };
  "/delete/profile": { request: DeleteProfile; data: Done };
  "GET /project/settings": { request: Record<string, never>; data: ProjectView };
  "PUT /project/settings": { request: EditProject; data: ProjectView };
  "GET /project/keys": { request: { project?: string }; data: Array<KeyView> };
  "/project/keys": { request: CreateKey; data: KeyMade };
  "/project/keys/{key_id}/rotate": { request: RotateKey; data: KeyMade };
  "/project/keys/{key_id}/revoke": { request: RevokeKey; data: Done };
  "/project/audit": { request: { project?: string; user_id?: string; key?: string; before?: number; limit?: number }; data: AuditPage };
  "GET /project/quota": { request: { project?: string }; data: QuotaView };
  "PUT /project/quota": { request: SetQuota; data: QuotaView };
  "GET /reindex": { request: Record<string, never>; data: StoredEmbedder };
  "/reindex": { request: Record<string, never>; data: Accepted };
  "/backup": { request: Record<string, never>; data: unknown };
  "/erasures": { request: { id?: string; limit?: number }; data: Array<Erasure> };
  "/delete/project": { request: DeleteProject; data: Done };
  "GET /project/webhooks": { request: { project?: string }; data: Array<WebhookView> };
  "/project/webhooks": { request: CreateWebhook; data: WebhookMade };
  "PUT /project/webhooks/{webhook_id}": { request: UpdateWebhook; data: WebhookView };
  "DELETE /project/webhooks/{webhook_id}": { request: { project?: string }; data: Done };
  "/project/webhooks/{webhook_id}/rotate": { request: RotateSecret; data: WebhookMade };
  "/console/overview": { request: Record<string, never>; data: Overview };
  "/console/users": { request: Record<string, never>; data: Array<UserCounts> };
  "/console/memory/{memory_id}": { request: Record<string, never>; data: WholeMemory };
  "/console/map": { request: { user_id: string }; data: MemoryMap };
  "/console/tasks": { request: { state?: Array<"queued" | "running" | "completed" | "failed" | "dead" | "cancelled">; limit?: number }; data: Array<TaskOnWire> };
  "/console/requests": { request: { limit?: number }; data: Array<RequestView> };
  "/console/models": { request: { limit?: number }; data: Array<ModelCallView> };
  "/console/queues": { request: Record<string, never>; data: Backlogs };
  "/console/settings": { request: Record<string, never>; data: Array<Setting> };
  "/console/knowledgebases": { request: Record<string, never>; data: Array<KnowledgeBaseView> };
}
