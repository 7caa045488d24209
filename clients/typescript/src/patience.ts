/** How long a client waits, and how often it tries. */

import { BUSY, mayRepeatAnswered, mayRepeatUnanswered } from "./exchange.js";
import { ApiError, type Call } from "./values.js";

/** Milliseconds between the tries of a request that may be sent again. */
export const PAUSES = [250, 500, 1000] as const;

/** A server that asks for a longer pause is not waited for: its refusal is the answer. */
const LONGEST_RETRY_AFTER = 30_000;

/** Milliseconds for which a task is followed though nobody answers: longer than a restart takes. */
export const OUTAGE = 60_000;

/** Milliseconds between two looks for a server that does not answer, at most. */
const LONGEST_PAUSE = 5_000;

export interface Patience {
  /** Milliseconds until one try counts as unanswered (default 30,000). */
  timeout?: number;
  /** Milliseconds before each further try of what failed in passing. */
  pauses?: readonly number[];
  /** Milliseconds for a call with all its tries (default: without end). */
  longest?: number;
}

/** The tries of one call. */
export class Tries {
  readonly #call: Call<unknown>;
  readonly #timeout: number;
  readonly #pauses: number[];
  readonly #end: number;

  constructor(call: Call<unknown>, { timeout = 30_000, pauses = PAUSES, longest = Infinity }: Patience) {
    this.#call = call;
    this.#timeout = timeout;
    this.#pauses = [...pauses];
    this.#end = Date.now() + longest;
  }

  /** How long the next try may take. */
  timeout(): number {
    return Math.max(1, Math.min(this.#timeout, this.#end - Date.now()));
  }

  /** Milliseconds until an answered call is sent again; undefined where the answer stands. */
  afterAnswer(answer: Response): number | undefined {
    if (!mayRepeatAnswered(this.#call, answer.status)) return undefined;
    return this.#next(retryAfter(answer));
  }

  /** The same for a call that was not answered. */
  afterFailure(error: unknown): number | undefined {
    return mayRepeatUnanswered(this.#call, error) ? this.#next(0) : undefined;
  }

  #next(asked: number): number | undefined {
    const pause = this.#pauses.shift();
    if (pause === undefined || asked > LONGEST_RETRY_AFTER) return undefined;
    const longer = Math.max(pause, asked);
    return Date.now() + longer < this.#end ? longer : undefined;
  }
}

/** The pause that a server asks for; 0 where it says none in seconds. */
function retryAfter(answer: Response): number {
  const asked = answer.headers.get("Retry-After") ?? "";
  return /^\d+$/.test(asked) ? Number(asked) * 1000 : 0;
}

/** How long a server has been away while a task is followed. */
export class Outage {
  readonly #taskId: string;
  #since: number | undefined;
  #pause: number = PAUSES[0];

  constructor(taskId: string) {
    this.#taskId = taskId;
  }

  /** The server has given a sign of life. */
  over(): void {
    this.#since = undefined;
    this.#pause = PAUSES[0];
  }

  /** Milliseconds until the next look. Throws what does not pass, and what has lasted too long. */
  pause(error: unknown): number {
    if (!(error instanceof ApiError) || (error.status !== 0 && !BUSY.has(error.status))) throw error;
    this.#since ??= Date.now();
    if (Date.now() - this.#since >= OUTAGE) {
      const reason = `${error.reason}; task ${this.#taskId} is on the server`;
      throw new ApiError(error.code, reason, error.status, { cause: error });
    }
    const pause = this.#pause;
    this.#pause = Math.min(pause * 2, LONGEST_PAUSE);
    return pause;
  }
}
