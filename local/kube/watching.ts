/** Follows a collection of an API server: what is there, then each change. Source: Kubernetes documentation, "Efficient detection of changes". */
import * as z from "zod";
import type { Api } from "./api.ts";

const listSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  items: z.array(z.unknown()),
});

const eventSchema = z.object({ type: z.string(), object: z.unknown() });

export interface Seen {
  /** ADDED, MODIFIED or DELETED; what was there already is ADDED. */
  readonly type: string;
  readonly object: unknown;
}

/** A server ends a watch after this time; it is begun anew. */
const watchSeconds = 600;

const follow = async (
  api: Api,
  path: string,
  on: { readonly see: (seen: Seen) => void; readonly signal: AbortSignal },
): Promise<void> => {
  const { status, text } = await api.ask(path);
  if (status !== 200) throw new Error(`${path} could not be listed: ${text}`);
  const { metadata, items } = listSchema.parse(JSON.parse(text));
  for (const object of items) on.see({ type: "ADDED", object });
  const query = `watch=1&resourceVersion=${metadata.resourceVersion}&timeoutSeconds=${String(watchSeconds)}`;
  const onLine = (line: string): void => {
    const seen = eventSchema.parse(JSON.parse(line));
    // One that was too long on its way ends with an error, and is begun anew.
    if (seen.type !== "ERROR" && seen.type !== "BOOKMARK") on.see(seen);
  };
  await api.follow(`${path}?${query}`, onLine, on.signal);
};

/** Until the signal. @throws Error where the collection can't be listed, or the connection breaks */
export const watchCollection = async (
  api: Api,
  path: string,
  on: { readonly see: (seen: Seen) => void; readonly signal: AbortSignal },
): Promise<void> => {
  while (!on.signal.aborted) await follow(api, path, on);
};
