import { diffWords } from "diff";
import { useLocale } from "../i18n";
import "../styles/talk.css";

/** What changed from one text to another, word by word. */
export function Difference({ from, to }: { from: string; to: string }) {
  const { language } = useLocale();
  const segmenter = new Intl.Segmenter(language, { granularity: "word" });
  return (
    <p className="difference wrap">
      {diffWords(from, to, { intlSegmenter: segmenter }).map((part, index) => {
        if (part.added) return <ins key={index}>{part.value}</ins>;
        if (part.removed) return <del key={index}>{part.value}</del>;
        return <span key={index}>{part.value}</span>;
      })}
    </p>
  );
}
