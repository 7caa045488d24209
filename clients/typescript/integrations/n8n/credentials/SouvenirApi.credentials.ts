import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  INodeProperties,
} from "n8n-workflow";

/** URL of the API and key of a project. */
export class SouvenirApi implements ICredentialType {
  name = "souvenirApi";
  displayName = "Souvenir API";
  properties: INodeProperties[] = [
    {
      displayName: "URL",
      name: "url",
      type: "string",
      default: "http://127.0.0.1:8000/api/openmem/v1",
      description: "URL of the API, with its path. MemOS Cloud has the same API",
    },
    {
      displayName: "API Key",
      name: "apiKey",
      type: "string",
      typeOptions: { password: true },
      default: "",
    },
  ];
  authenticate: IAuthenticateGeneric = {
    type: "generic",
    properties: { headers: { Authorization: "=Token {{$credentials.apiKey}}" } },
  };
  test: ICredentialTestRequest = {
    request: {
      baseURL: "={{$credentials.url}}",
      url: "/get/memory",
      method: "POST",
      body: { user_id: "n8n-connection-test", size: 1 },
    },
  };
}
