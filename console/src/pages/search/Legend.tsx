import { Flex, Tooltip } from "@radix-ui/themes";
import { useWords } from "../../i18n";
import { TERMS } from "./terms";

export function Legend() {
  const t = useWords();
  return (
    <Flex gap="3" wrap="wrap" align="center" asChild>
      <ul className="terms-legend" aria-label={t.search.legend}>
        {TERMS.map((term) => (
          <li key={term}>
            <Tooltip content={t.search.termsAbout[term]}>
              <span>
                <span className="swatch" data-term={term} aria-hidden /> {t.search.terms[term]}
              </span>
            </Tooltip>
          </li>
        ))}
      </ul>
    </Flex>
  );
}
