/** Files as parts of messages. */

import type { FilePart } from "./wire.js";

/** Bytes, or an http(s) URL that the server fetches. A `File` brings its name along. */
export type FileSource = string | Blob | Uint8Array | ArrayBuffer;

/** A message part for a file: bytes are sent along as base64. Rejects with TypeError for a string that is no URL. */
export async function filePart(file: FileSource, name = ""): Promise<FilePart> {
  const file_data = await fileData(file);
  const filename = name || nameOf(file);
  return { type: "file", file: filename ? { file_data, filename } : { file_data } };
}

/** The name that a file has by itself: of a URL its last segment; "" where there is none. */
export function nameOf(file: FileSource): string {
  if (typeof file === "string") return file.split(/[?#]/)[0]!.split("/").pop() ?? "";
  return "name" in file ? String(file.name) : "";
}

/** What the wire carries of a file: its URL, or its bytes as base64. */
export async function fileData(file: FileSource): Promise<string> {
  if (typeof file !== "string") return base64(await bytesOf(file));
  if (!/^https?:\/\//.test(file)) {
    throw new TypeError("file: bytes, a Blob or an http(s) URL are expected");
  }
  return file;
}

async function bytesOf(file: Exclude<FileSource, string>): Promise<Uint8Array> {
  if (file instanceof Uint8Array) return file;
  return new Uint8Array(file instanceof ArrayBuffer ? file : await file.arrayBuffer());
}

/** Bytes that become characters at once: more would be too many arguments for a call. */
const STRETCH = 0x6000;

function base64(bytes: Uint8Array): string {
  const stretches: string[] = [];
  for (let start = 0; start < bytes.length; start += STRETCH) {
    stretches.push(String.fromCharCode(...bytes.subarray(start, start + STRETCH)));
  }
  return btoa(stretches.join(""));
}
