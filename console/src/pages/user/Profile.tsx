import { DataList, Flex, Text } from "@radix-ui/themes";
import { useQuery } from "@tanstack/react-query";
import { IdCard } from "lucide-react";
import { post } from "../../api";
import { useWords } from "../../i18n";
import { Ago } from "../../parts/Ago";
import { Section } from "../../parts/headings";
import { Empty, Shown } from "../../parts/states";
import type { Profile as ProfileType, ProfileFields } from "../../types";

interface Answer {
  profile_detail_list: ProfileType[];
}

/** What is known of a user by fields: those of templates, and those read from memories. */
export function Profile({ user }: { user: string }) {
  const t = useWords();
  const query = useQuery({
    queryKey: ["profile", user],
    queryFn: ({ signal }) =>
      post<Answer>("get/memory", { user_id: user, include_memory_view: ["profile"] }, signal),
  });
  return (
    <Shown query={query}>
      {({ profile_detail_list: profiles }) =>
        profiles.length === 0 ? (
          <Empty title={t.user.profileEmpty} hint={t.user.profileHint} icon={IdCard} />
        ) : (
          <Flex direction="column" gap="4">
            {profiles.map((profile) => (
              <Fields key={profile.id} profile={profile} />
            ))}
          </Flex>
        )
      }
    </Shown>
  );
}

function Fields({ profile }: { profile: ProfileType }) {
  const t = useWords();
  const fields = flat(profile.properties);
  return (
    <Section
      title={profile.id ? profile.profile_template_name : t.user.profileRead}
      side={
        <Text size="2" color="gray">
          <Ago at={profile.update_time} />
        </Text>
      }
    >
      <DataList.Root orientation={{ initial: "vertical", xs: "horizontal" }}>
        {fields.map(([path, value]) => (
          <DataList.Item key={path}>
            <DataList.Label>{t.user.profileFields[path] ?? path}</DataList.Label>
            <DataList.Value className="wrap">{value || "–"}</DataList.Value>
          </DataList.Item>
        ))}
      </DataList.Root>
    </Section>
  );
}

/** Every field by its path; that of the built-in profile without its only category. */
function flat(fields: ProfileFields, above = ""): [path: string, value: string][] {
  return Object.entries(fields).flatMap(([name, field]): [string, string][] => {
    const path = above && above !== "basic" ? `${above}.${name}` : name;
    if (typeof field !== "object" || field === null) return [[path, String(field ?? "")]];
    if ("value" in field && (typeof field.value !== "object" || field.value === null))
      return [[path, String(field.value ?? "")]];
    if (Array.isArray(field.value)) return [[path, field.value.join(", ")]];
    return flat(field as ProfileFields, path);
  });
}
