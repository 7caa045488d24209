import {
  NodeApiError,
  NodeConnectionTypes,
  type IDataObject,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeProperties,
  type INodeType,
  type INodeTypeDescription,
  type JsonObject,
} from "n8n-workflow";

/** What one operation sends, and which part of the answer's data is the node's output. */
interface Operation {
  name: string;
  action: string;
  path: string;
  /** Fields of the node that it has besides the user, with the field of the request. */
  fields: Record<string, string>;
  body?: (body: IDataObject) => IDataObject;
}

const OPERATIONS: Record<string, Operation> = {
  add: {
    name: "Add",
    action: "Remember a message",
    path: "/add/message",
    fields: { text: "content", role: "role", conversationId: "conversation_id", wait: "async_mode" },
    body: ({ content, role, async_mode, ...rest }) => ({
      ...rest,
      messages: [{ role, content }],
      async_mode: !async_mode,
    }),
  },
  search: {
    name: "Search",
    action: "Search memories",
    path: "/search/memory",
    fields: { text: "query", conversationId: "conversation_id", limit: "memory_limit_number" },
  },
  list: {
    name: "List",
    action: "List memories",
    path: "/get/memory",
    fields: { limit: "size" },
  },
  chat: {
    name: "Chat",
    action: "Answer with what is remembered",
    path: "/chat",
    fields: { text: "query", conversationId: "conversation_id" },
  },
  delete: {
    name: "Delete",
    action: "Delete a memory",
    path: "/delete/memory",
    fields: { memoryId: "memory_id" },
    body: ({ memory_id, ...rest }) => ({ ...rest, memory_ids: [memory_id] }),
  },
};

/** A field of the node, shown for the operations that have it. */
function field(name: string, rest: Omit<INodeProperties, "name" | "displayOptions">): INodeProperties {
  const operations = Object.keys(OPERATIONS).filter((key) => name in OPERATIONS[key]!.fields);
  return { ...rest, name, displayOptions: { show: { operation: operations } } };
}

export class Souvenir implements INodeType {
  description: INodeTypeDescription = {
    displayName: "Souvenir",
    name: "souvenir",
    group: ["transform"],
    version: 1,
    icon: "fa:brain",
    subtitle: '={{$parameter["operation"]}}',
    description: "Long-term memory of your users; works with MemOS Cloud too",
    defaults: { name: "Souvenir" },
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    usableAsTool: true,
    credentials: [{ name: "souvenirApi", required: true }],
    properties: [
      {
        displayName: "Operation",
        name: "operation",
        type: "options",
        noDataExpression: true,
        default: "search",
        options: Object.entries(OPERATIONS).map(([value, { name, action }]) => ({ name, value, action })),
      },
      {
        displayName: "User ID",
        name: "userId",
        type: "string",
        required: true,
        default: "",
        description: "Whose memory it is",
      },
      field("text", {
        displayName: "Text",
        type: "string",
        required: true,
        default: "",
        description: "What was said, or what is asked",
      }),
      field("role", {
        displayName: "Said By",
        type: "options",
        default: "user",
        options: [
          { name: "Assistant", value: "assistant" },
          { name: "User", value: "user" },
        ],
      }),
      field("conversationId", { displayName: "Conversation ID", type: "string", default: "" }),
      field("wait", {
        displayName: "Wait",
        type: "boolean",
        default: false,
        description: "Whether to go on only when the memories can be found",
      }),
      field("limit", {
        displayName: "Limit",
        type: "number",
        typeOptions: { minValue: 1 },
        default: 9,
        description: "Max number of results to return",
      }),
      field("memoryId", { displayName: "Memory ID", type: "string", required: true, default: "" }),
    ],
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const output: INodeExecutionData[] = [];
    for (const index of this.getInputData().keys()) {
      try {
        output.push({ json: await send(this, index), pairedItem: index });
      } catch (error) {
        if (!this.continueOnFail()) throw error;
        output.push({ json: { error: (error as Error).message }, pairedItem: index });
      }
    }
    return [output];
  }
}

/** The data of the answer to one item. Throws NodeApiError with the server's words. */
async function send(node: IExecuteFunctions, index: number): Promise<IDataObject> {
  const operation = OPERATIONS[node.getNodeParameter("operation", index) as string]!;
  const { url } = await node.getCredentials("souvenirApi");
  const answer = await node.helpers.httpRequestWithAuthentication.call(node, "souvenirApi", {
    method: "POST",
    url: `${String(url).replace(/\/+$/, "")}${operation.path}`,
    body: bodyOf(node, operation, index),
    json: true,
    ignoreHttpStatusErrors: true,
  });
  if (answer?.code !== 0) {
    const message = answer?.message ?? "no answer that can be read";
    throw new NodeApiError(node.getNode(), (answer ?? {}) as JsonObject, { message, itemIndex: index });
  }
  return answer.data as IDataObject;
}

/** The request of an operation; a field that was left empty is left out. */
function bodyOf(node: IExecuteFunctions, operation: Operation, index: number): IDataObject {
  const body: IDataObject = { user_id: node.getNodeParameter("userId", index) as string };
  for (const [parameter, name] of Object.entries(operation.fields)) {
    const value = node.getNodeParameter(parameter, index) as string | number | boolean;
    if (value !== "") body[name] = value;
  }
  return operation.body ? operation.body(body) : body;
}
