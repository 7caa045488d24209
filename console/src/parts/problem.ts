import { ApiError } from "../api";
import type { Words } from "../i18n/en";

/** The code of a key whose scopes or owner do not reach that far. */
const NOT_ALLOWED = 40103;

/** What went wrong, for people: the server's own words where it has said some. */
export function problemText(error: unknown, t: Words): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return t.problem.unreachable;
  if (error.status === 401) return t.problem.wrongKey;
  if (error.code === NOT_ALLOWED) return t.problem.forbidden;
  if (error.status === 503) return t.problem.unavailable;
  if (error.status === 404) return t.problem.notThere;
  return error.message;
}
