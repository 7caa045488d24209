/** What the gateway answers. Times are epoch milliseconds. */

export const KINDS = ["fact", "preference", "tool", "skill"] as const;
export type Kind = (typeof KINDS)[number];
export type ByKind = Partial<Record<Kind, number>>;

export interface Item {
  id: string;
  conversation_id: string;
  status: string;
  create_time: number;
  update_time: number;
  relativity?: number;
  tags?: string[];
  memory_key?: string;
  memory_value?: string;
  memory_type?: string;
  preference?: string;
  preference_type?: string;
  reasoning?: string;
  tool_type?: string;
  tool_value?: string;
  experience?: string;
  tool_used_status?: {
    used_tool: string;
    success_rate: number;
    error_type: string;
    tool_experience: string;
  }[];
  skill_value?: { name: string; description: string; procedure: string; experience: string[] };
  skill_url?: string;
  info?: Record<string, unknown>;
  history?: { id: string; text: string; create_time: number; update_time: number }[] | null;
  confidence?: number;
}

export interface ItemLists {
  memory_detail_list: Item[];
  preference_detail_list: Item[];
  tool_memory_detail_list: Item[];
  skill_detail_list: Item[];
}

export interface Page extends ItemLists {
  total: number;
  pages: number;
  current: number;
  size: number;
}

export const LISTS: Record<Kind, keyof ItemLists> = {
  fact: "memory_detail_list",
  preference: "preference_detail_list",
  tool: "tool_memory_detail_list",
  skill: "skill_detail_list",
};

export interface Considered {
  id: string;
  kind: Kind;
  text: string;
  question: number;
  rank: number;
  relativity: number | null;
  total: number;
  terms: Record<string, number>;
  verdict: "returned" | "below_threshold" | "repeats" | "over_limit";
}

export interface Explanation {
  threshold: number;
  questions: { text: string; rest: string; is_request: boolean }[];
  considered: Considered[];
}

export interface Found extends ItemLists {
  explanation?: Explanation;
}

export interface Health {
  name: string;
  state: "ok" | "down";
  ms: number | null;
}

export const WORKER_QUEUES = ["text", "files"] as const;

export interface Worker {
  queue: string;
  /** Empty for keys that are no operator's. */
  host: string;
  pid: number;
  started_at: number;
  busy: boolean;
  /** Those of this project. */
  task_ids: string[];
}

export interface Traffic {
  at: number;
  counts: Record<string, number>;
  failed: number;
  p50: Record<string, number>;
  p95: Record<string, number>;
}

export interface Overview {
  version: string;
  embedder: string;
  extractor: string;
  chat_model: string;
  health: Health[];
  workers: Worker[];
  users: number;
  memories: ByKind;
  traffic: Traffic[];
  today: { tasks: number; outcomes: Record<string, number> };
  waiting: number;
  oldest_waiting: number | null;
  dead: number;
}

interface ProfileField {
  value: unknown;
  algorithm_updatable?: boolean;
}

/** Fields, nested at will. */
export interface ProfileFields {
  [name: string]: ProfileField | ProfileFields;
}

export interface Profile {
  id: string;
  profile_template_name: string;
  properties: ProfileFields;
  update_time: number;
}

export interface EventItem extends Item {
  event_key: string;
  event_value: string;
  /** The days it speaks of, YYYY-MM-DD; first and last of a period. */
  event_time: string[];
  event_location: string[];
  event_roles: string[];
}

export interface UserCounts {
  user_id: string;
  counts: ByKind;
}

export interface SourceMessage {
  id: string;
  role: string;
  text: string;
  at: number;
  marked: boolean;
}

export interface WholeMemory {
  memory: Item;
  kind: Kind;
  text: string;
  user_id: string;
  agent_id: string;
  knowledgebase_id: string;
  speaker: string;
  happened_at: number | null;
  said_at: number | null;
  task_id: string | null;
  fast: boolean;
  public: boolean;
  messages: SourceMessage[];
  pages: { file: string; page: number }[];
  passages: { memory_id: string; text: string; page: number; marked: boolean }[];
  changes: { memory_id: string; text: string; said_at: number | null; start: number; end: number }[];
}

export interface MapPoint {
  id: string;
  x: number;
  y: number;
  kind: Kind;
  text: string;
  at: number;
}

export const STATES = ["queued", "running", "completed", "failed", "dead", "cancelled"] as const;
export type State = (typeof STATES)[number];

export interface TaskFile {
  name: string;
  status: string;
  code: number;
  message: string;
  media_type: string;
  pages: number;
  size: number;
}

export interface Delivery {
  url: string;
  state: string;
  attempts: number;
  error: string;
}

export interface Task {
  task_id: string;
  status: string;
  state: State;
  step: string;
  work: string;
  user_id: string;
  conversation_id: string;
  attempts: number;
  created_at: number;
  updated_at: number;
  progress: Record<string, number | string>;
  files: TaskFile[];
  counts: Record<string, number>;
  knowledgebase_id?: string;
  file_id?: string;
  webhook?: Delivery;
  error_code?: number;
  error_message?: string;
  receipts?: { memory_id: string; outcome: string; kind: string; reason: string; other: string }[];
  remarks?: string[];
}

export interface UndoneTask {
  removed: string[];
  restored: string[];
  left: { memory_id: string; reason: string }[];
  undone_at: number;
}

export interface KnowledgeBase {
  id: string;
  name: string;
  description: string;
  created_at: number;
  files: Record<string, number>;
}

export interface KnowledgeFile {
  id: string;
  name: string;
  size: string;
  status: string;
  type: string;
  task_id?: string;
  error_message?: string;
}

export interface LoggedRequest {
  at: number;
  method: string;
  path: string;
  status: number;
  ms: number;
  key: string;
}

export interface Setting {
  name: string;
  meaning: string;
  value: string;
  default: boolean;
  secret: boolean;
}

export interface Message {
  role: string;
  content: unknown;
  create_time: string;
}

export const SCOPES = ["read", "write", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  id: string;
  name: string;
  project: string;
  scopes: string[];
  user_id: string | null;
  agent_id: string | null;
  hint: string;
  created_at: number | null;
  expires_at: number | null;
  last_used_at: number | null;
}

export interface MadeKey extends ApiKey {
  key: string;
}

export interface AuditEntry {
  at: number;
  action: string;
  status: number;
  key: string;
  key_name: string;
  user_ids: string[];
  objects: string[];
  request: string;
}

/** Every 0 of a limit is any number. */
export interface Quota {
  project: string;
  memories: number;
  stored_bytes: number;
  daily_tokens: number;
  monthly_tokens: number;
  memories_limit: number;
  stored_bytes_limit: number;
  used_memories: number;
  used_bytes: number;
  used_tokens_today: number;
  used_tokens_this_month: number;
}

export const INSTRUCTION_KEYS = [
  "all",
  "detail_factual",
  "preference",
  "skill",
  "profile",
  "event",
  "tool_memory",
  "image",
  "document",
] as const;

export interface ProjectSettings {
  extract_instructions: Record<string, string>;
  daily_tokens: number;
  monthly_tokens: number;
  used_today: number;
  used_this_month: number;
}

export interface Extracted {
  memory_detail_list: { memory_key: string; memory_value: string; tags: string[] }[];
  preference_detail_list: { preference: string; reasoning: string }[];
}

export interface ModelCall {
  at: number;
  role: string;
  model: string;
  outcome: string;
  prompt_tokens: number;
  completion_tokens: number;
  ms: number;
  /** Null where no price of the model is set. */
  cost: number | null;
  currency: string;
}

export interface Backlogs {
  waiting: number;
  lanes: { queue: string; lane: string; waiting: number }[];
  projects: { project: string; waiting: number }[];
}
