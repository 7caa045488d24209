/** First requests to paste, with this server's address and key. */

export function snippets(origin: string, key: string): Record<string, string> {
  const url = `${origin}/api/openmem/v1`;
  return {
    curl: `curl -s ${url}/add/message \\
  -H 'Authorization: Token ${key}' -H 'Content-Type: application/json' \\
  -d '{"user_id": "ana", "conversation_id": "hello", "async_mode": false,
       "messages": [{"role": "user", "content": "I live in Lisbon."}]}'

curl -s ${url}/search/memory \\
  -H 'Authorization: Token ${key}' -H 'Content-Type: application/json' \\
  -d '{"user_id": "ana", "query": "Where do I live?"}'`,
    Python: `# pip install souvenir-client
from souvenir_client import Client

with Client("${origin}", "${key}") as memory:
    memory.add("I live in Lisbon.", user_id="ana", wait=True)
    for found in memory.search("Where do I live?", user_id="ana").memories:
        print(found["memory_value"])`,
    TypeScript: `const ask = (path: string, body: object) =>
  fetch(\`${url}/\${path}\`, {
    method: "POST",
    headers: { Authorization: "Token ${key}", "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).then((answer) => answer.json());

await ask("add/message", {
  user_id: "ana", conversation_id: "hello", async_mode: false,
  messages: [{ role: "user", content: "I live in Lisbon." }],
});
console.log(await ask("search/memory", { user_id: "ana", query: "Where do I live?" }));`,
    MCP: `{
  "mcpServers": {
    "souvenir": {
      "command": "souvenir-mcp",
      "env": {
        "SOUVENIR_URL": "${origin}",
        "SOUVENIR_API_KEY": "${key}"
      }
    }
  }
}`,
  };
}
