/** Plain HTTPS requests to an API server: no client of Kubernetes stands between what is asked and what is compared. */
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  /** Of the body; JSON where it is absent. */
  readonly contentType?: string;
  /** Instead of the client's own; empty for none. */
  readonly token?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** As it came. */
  readonly text: string;
}

export interface Api {
  readonly url: string;
  readonly authority: string;
  /** @throws Error where the connection breaks */
  ask(path: string, asked?: Asked): Promise<Reply>;
  /** Lines as they come, until the server ends them or the signal does. */
  follow(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

export interface Access {
  /** `https://127.0.0.1:<port>`. */
  readonly url: string;
  /** PEM. */
  readonly authority: string;
  readonly token: string;
}

const textOf = async (response: IncomingMessage): Promise<string> => {
  response.setEncoding("utf8");
  let text = "";
  for await (const chunk of response as AsyncIterable<string>) text += chunk;
  return text;
};

const readLines = async (
  response: IncomingMessage,
  onLine: (line: string) => void,
): Promise<void> => {
  response.setEncoding("utf8");
  let rest = "";
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
};

const isAbort = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === "AbortError" || Reflect.get(error, "code") === "ECONNRESET");

export const createApi = ({ url, authority, token }: Access): Api => {
  const agent = new Agent({ ca: authority, keepAlive: true, maxSockets: 40 });
  const send = (
    path: string,
    { method = "GET", body, contentType = "application/json", token: other }: Asked,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const bearer = other ?? token;
      const bytes = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        accept: "application/json",
        ...(bearer !== "" && { authorization: `Bearer ${bearer}` }),
        // Without a length Node sends the body of a DELETE so that the server takes it for the next request.
        ...(bytes !== undefined && {
          "content-type": contentType,
          "content-length": Buffer.byteLength(bytes),
        }),
      };
      const sent = request(
        url + encodeURI(path),
        { agent, method, headers, ...(signal !== undefined && { signal }) },
        resolve,
      );
      sent.once("error", reject);
      sent.end(bytes);
    });
  return {
    url,
    authority,
    ask: async (path, asked = {}) => {
      const response = await send(path, asked);
      const { statusCode = 0, headers } = response;
      return { status: statusCode, headers, text: await textOf(response) };
    },
    follow: async (path, onLine, signal) => {
      try {
        await readLines(await send(path, {}, signal), onLine);
      } catch (error) {
        if (!signal.aborted || !isAbort(error)) throw error;
      }
    },
    close: () => {
      agent.destroy();
    },
  };
};
