/** A thin, typed client of Souvenir and of every server that speaks the MemOS Cloud API. */

export { Client } from "./client.js";
export type { ClientOptions, OnProgress, UploadOptions, WaitOptions } from "./client.js";
export type {
  AddOptions,
  ChatOptions,
  DeleteOptions,
  FeedbackOptions,
  GetOptions,
  MemoriesOptions,
  RateOptions,
  SearchOptions,
  UpdateOptions,
} from "./calls.js";
export { filePart } from "./files.js";
export type { FileSource } from "./files.js";
export { ApiError } from "./values.js";
export type { Found, Json, Messages, Task } from "./values.js";
export type * from "./wire.js";
