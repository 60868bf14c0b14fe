/** Asks a public address whether an application answers there. An answer that is not the expected one is a finding, not an error. */

/** What answers later than this does not serve. */
const timeoutMs = 5_000;

export interface Probed {
  readonly holds: boolean;
  readonly sentence: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** The socket's own code, where there is one: the fetch of Node has it in the cause. */
const why = (error: unknown): string => {
  const cause = isObject(error) && isObject(error["cause"]) ? error["cause"] : error;
  const told = isObject(cause) ? [cause["code"], cause["message"]] : [];
  return told.find((each) => typeof each === "string") ?? "no reason given";
};

/** The body is not read, and redirects are not followed. */
export const probeHttp = async (
  fetchUrl: typeof fetch,
  { url, status: expected }: { readonly url: string; readonly status: number },
): Promise<Probed> => {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { status, body } = await fetchUrl(url, { redirect: "manual", signal });
    await body?.cancel();
    const holds = status === expected;
    const instead = holds ? "" : `, not ${String(expected)}`;
    return { holds, sentence: `${url} answers ${String(status)}${instead}.` };
  } catch (error) {
    return { holds: false, sentence: `${url} does not answer (${why(error)}).` };
  }
};

/** Opens a connection and closes it. @throws Error with the socket's code when it is refused or takes too long */
export type Connect = (
  where: { readonly host: string; readonly port: number },
  timeoutMs: number,
) => Promise<void>;

export const probeTcp = async (
  connect: Connect,
  where: { readonly host: string; readonly port: number },
): Promise<Probed> => {
  const name = `${where.host}:${String(where.port)}`;
  try {
    await connect(where, timeoutMs);
    return { holds: true, sentence: `${name} accepts connections.` };
  } catch (error) {
    return { holds: false, sentence: `${name} does not accept a connection (${why(error)}).` };
  }
};
