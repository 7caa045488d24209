import { useState } from "react";
import { useNotes } from "./notes";

type Run = (action: () => Promise<unknown>) => Promise<boolean>;

/**
 * Whether something runs that was asked for, and how to run it: true where it went well. `onError`: what is done with
 * what went wrong; a note without it.
 */
export function useBusy(onError?: (error: unknown) => void): [busy: boolean, run: Run] {
  const { fail } = useNotes();
  const [busy, setBusy] = useState(false);
  const run: Run = async (action) => {
    setBusy(true);
    try {
      await action();
      return true;
    } catch (error) {
      (onError ?? fail)(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return [busy, run];
}
