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
    TypeScript: `// npm install souvenir-client
import { Client } from "souvenir-client";

const memory = new Client("${origin}", "${key}");
await memory.add("I live in Lisbon.", { user_id: "ana", wait: true });
const { memories } = await memory.search("Where do I live?", { user_id: "ana" });
for (const { memory_value } of memories) console.log(memory_value);`,
    MCP: `{
  "mcpServers": {
    "souvenir": {
      "type": "http",
      "url": "${origin}/mcp/ana",
      "headers": { "Authorization": "Bearer ${key}" }
    }
  }
}`,
  };
}
