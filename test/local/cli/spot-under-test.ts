/** `spot` in this process: what it says, and what it ends with. */
import { runSpot } from "../../../local/cli/run-spot.ts";
import type { Surroundings } from "../../../local/cli/surroundings.ts";
import { colourPaint } from "../../../local/terminal/paint.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

interface SpotRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What differs from a pipe without a person at it. */
export type Setting = Partial<Omit<Surroundings, "columns" | "terminal">> & {
  /** Of a terminal; absent: stdout is a pipe. */
  readonly columns?: number;
};

export type Spot = (...args: readonly string[]) => Promise<SpotRun>;

/** What `ESC[…m` colours is shown as `<…>`, so that a golden text can be read. */
const readable = (text: string): string =>
  text.replaceAll(/\u001b\[(\d+)m/g, (_all, code: string) => `<${code}>`);

/** Of keys that no two requests share. */
let ids = 0;

export const spotOn =
  ({ columns, ...setting }: Setting & Pick<Surroundings, "fetch">): Spot =>
  async (...args) => {
    const { terminal, said } = recordingTerminal(
      columns === undefined ? {} : { paint: colourPaint },
    );
    const code = await runSpot(args, {
      terminal,
      env: {},
      columns: () => columns,
      now: () => new Date("2026-03-02T09:00:00Z"),
      sleep: () => Promise.resolve(),
      version: "1.2.3",
      randomId: () => {
        ids += 1;
        return `key-${String(ids)}`;
      },
      interrupt: new AbortController().signal,
      ...setting,
    });
    return { code, stdout: readable(said.stdout), stderr: readable(said.stderr) };
  };

/** An API that gives this answer to everything, and keeps what it was asked. */
export const answering = (answer: (request: Request) => Response | Promise<Response>) => {
  const asked: Request[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    asked.push(request);
    return answer(request);
  };
  return { asked, fetch };
};

export const jsonAnswer = (body: unknown, status = 200, type = "application/json"): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": type } });
