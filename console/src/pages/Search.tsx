import { Grid } from "@radix-ui/themes";
import { useWords } from "../i18n";
import { Toggle } from "../parts/controls";
import { PageHead } from "../parts/headings";
import { useKept } from "../parts/useKept";
import { UserField, useUser } from "../parts/users";
import { Explained } from "./search/Explained";
import { Legend } from "./search/Legend";
import "../styles/search.css";

export default function Search() {
  const t = useWords();
  const [user, setUser] = useUser();
  const [compare, setCompare] = useKept("two questions", false);
  return (
    <>
      <PageHead title={t.search.title} lead={t.search.lead}>
        <Toggle label={t.search.compare} on={compare} onChange={setCompare} />
      </PageHead>
      <div className="user-field">
        <UserField user={user} onChange={setUser} />
      </div>
      <Legend />
      <Grid columns={{ initial: "1", lg: compare ? "2" : "1" }} gap="4">
        <Explained name="first" user={user} label={compare ? t.search.first : t.search.question} />
        {compare && <Explained name="second" user={user} label={t.search.second} />}
      </Grid>
    </>
  );
}
