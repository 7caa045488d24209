import { Button, Grid, Text } from "@radix-ui/themes";
import { Sparkles } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n";
import { Toggle } from "../../parts/controls";
import { Section } from "../../parts/headings";
import { Empty } from "../../parts/states";
import { AskForm } from "./AskForm";
import { Recalled } from "./Recalled";
import type { Owner, Turn } from "./talk";
import { useTalk } from "./useTalk";
import "../../styles/talk.css";

/** A talk, and beside it what was recalled for the answer that is chosen: at first the latest. */
export function Chat({ owner }: { owner: Owner }) {
  const t = useWords();
  const [remember, setRemember] = useState(true);
  const [chosen, setChosen] = useState<number | null>(null);
  const { turns, say, leave } = useTalk(owner, remember);
  const shown = chosen ?? turns.length - 1;
  const begin = (question: string) => {
    setChosen(null);
    return say(question);
  };
  return (
    <Grid columns={{ initial: "1", md: "3fr 2fr" }} gap="4">
      <Section
        title={t.playground.tabs.chat}
        side={<Toggle label={t.playground.remember} on={remember} onChange={setRemember} />}
      >
        <Talk turns={turns} shown={shown} onShow={setChosen} />
        <AskForm
          label={t.playground.say}
          hint={t.playground.sayHint}
          busy={leave !== null}
          onAsk={begin}
          onStop={() => leave?.abort()}
        />
      </Section>
      <Section title={t.playground.recalled} about={turns[shown]?.question}>
        <Recalled recalled={turns[shown]?.recalled} />
      </Section>
    </Grid>
  );
}

interface TalkProps {
  turns: Turn[];
  /** The one whose recall is shown. */
  shown: number;
  onShow: (turn: number) => void;
}

function Talk({ turns, shown, onShow }: TalkProps) {
  const t = useWords();
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [turns]);
  return (
    <div className="chat" role="log" aria-label={t.playground.tabs.chat} tabIndex={0}>
      {turns.length === 0 && <Empty title={t.playground.chatStart} icon={Sparkles} />}
      <ol className="talk">
        {turns.map((turn, index) => (
          <TurnView key={index} turn={turn} shown={index === shown} onShow={() => onShow(index)} />
        ))}
      </ol>
      <div ref={end} />
    </div>
  );
}

interface TurnViewProps {
  turn: Turn;
  shown: boolean;
  onShow: () => void;
}

function TurnView({ turn, shown, onShow }: TurnViewProps) {
  const t = useWords();
  return (
    <>
      <li data-role="user">
        <Text as="div" size="1" color="gray">
          {t.memory.roles.user}
        </Text>
        <span className="wrap">{turn.question}</span>
      </li>
      <li data-role="assistant">
        <Text as="div" size="1" color="gray">
          {t.memory.roles.assistant}
        </Text>
        <span className="wrap pre">{turn.answer || `${t.playground.thinking} …`}</span>
        {turn.recalled && (
          <Button
            size="1"
            variant={shown ? "soft" : "ghost"}
            color="gray"
            highContrast
            mt="2"
            aria-pressed={shown}
            className="recall-choice"
            onClick={onShow}
          >
            {t.playground.recalledCount(turn.recalled.length)}
          </Button>
        )}
      </li>
    </>
  );
}
