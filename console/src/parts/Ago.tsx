import { useFormat } from "../i18n";

/** A time as "2 hours ago", and exactly when one points at it. */
export function Ago({ at }: { at: number }) {
  const format = useFormat();
  return (
    <time dateTime={new Date(at).toISOString()} title={format.time(at)}>
      {format.ago(at)}
    </time>
  );
}
