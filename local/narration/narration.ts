/** The log of `npm start`: its greeting, and then a line for whatever happens. */
import type { Log } from "../../lambdas/runtime/log.ts";
import type { Clock } from "../cloud/clock.ts";
import type { LivePlatform } from "../platform/live-platform.ts";
import type { LiveWorld } from "../platform/live-world.ts";
import type { Tone } from "../terminal/paint.ts";
import { messageOf, type Terminal } from "../terminal/terminal.ts";
import { greetingJson, greetingLines } from "./greeting.ts";
import { asksForALook, lineJson, lineText, type Line } from "./line.ts";
import { narrate } from "./narrator.ts";

export interface NarrationOptions {
  /** Of what happens only what asks for a look. */
  readonly quiet: boolean;
  /** NDJSON instead of text. */
  readonly json: boolean;
}

export interface Narration {
  /** Of the platform and its functions. */
  readonly log: Log;
  readonly observe: (world: LiveWorld) => void;
  /** Greets. What has happened meanwhile is told then. */
  readonly begin: (live: LivePlatform) => void;
}

export const openNarration = (
  { quiet, json }: NarrationOptions,
  { stdout, stderr, paint }: Pick<Terminal, "stdout" | "stderr" | "paint">,
): Narration => {
  const early: string[] = [];
  const write = (text: string): void => {
    stdout(`${text}\n`);
  };
  let say = (text: string): void => void early.push(text);
  const tell = (line: Line): void => {
    if (quiet && !asksForALook(line)) return;
    say(json ? lineJson(line) : lineText(line, paint));
  };
  let clock: Pick<Clock, "now"> | undefined;
  const log = (tone: Tone, word: string, sentence: string): void => {
    if (clock === undefined) stderr(`${sentence}\n`);
    else tell({ atMs: clock.now(), topic: "trouble", word, tone, sentence });
  };
  const [warn, error] = [
    (sentence: string) => {
      log("warning", "Warning", sentence);
    },
    (sentence: string) => {
      log("bad", "Error", sentence);
    },
  ];
  return {
    log: { info: () => undefined, warn, error },
    observe: (world) => {
      ({ clock } = world);
      narrate(world, tell, (failure) => {
        error(messageOf(failure));
      });
    },
    begin: (live) => {
      const greeting = json ? [greetingJson(live)] : greetingLines(live);
      for (const text of [...greeting, ...early.splice(0)]) write(text);
      say = write;
    },
  };
};
