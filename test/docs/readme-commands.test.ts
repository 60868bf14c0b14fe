/** The README's five minutes by `npx spot`, word by word, against what `npm start` runs. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runSpot } from "../../local/cli/run-spot.ts";
import { exits } from "../../local/cli/exit-codes.ts";
import type { LivePlatform } from "../../local/platform/live-platform.ts";
import { startIn, temporaryFolder } from "../local/platform/live-world.ts";
import { recordingTerminal } from "../local/terminal/recording-terminal.ts";
import { readPage } from "./pages.ts";
import { shellLinesIn, spotWordsOf } from "./spot-lines.ts";

/** A switch is some minutes of simulated time, on a busy machine. */
const patienceMs = 120_000;

const section =
  readPage("README.md")
    .split(/^## /m)
    .find((part) => part.startsWith("Five minutes")) ?? "";

const lines = shellLinesIn(section);

/** What a reader replaces by what he has seen: the id of the last evaluation. */
const placeholder = "EVALUATION";

/** "If it was first, `evaluate` says so and names the evaluation." */
const sweepWasFirst = /Wait for it to end\. Next: spot (show evl-\S+ --watch)/;

interface Said {
  readonly line: string;
  readonly code: number;
  readonly text: string;
}

describe("the five minutes of the README", () => {
  const { folder, remove } = temporaryFolder();
  let live: LivePlatform;
  let heard: readonly Said[];
  beforeAll(async () => {
    live = await startIn(folder, { speed: 600 });
    const all: Said[] = [];
    const run = async (args: readonly string[]): Promise<Omit<Said, "line">> => {
      const { terminal, said } = recordingTerminal();
      const code = await runSpot(args, {
        version: "0.0.0",
        terminal,
        env: { SPOT_URL: live.apiUrl },
        columns: () => undefined,
        fetch: (request) => fetch(request),
        now: () => new Date(),
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 20)),
        randomId: () => crypto.randomUUID(),
        interrupt: new AbortController().signal,
      });
      return { code, text: said.stdout + said.stderr };
    };
    for (const line of lines) {
      const [last] = all.flatMap(({ text }) => text.match(/evl-[0-9a-z]+/g) ?? []).slice(-1);
      const args = spotWordsOf(line).map((word) => (word === placeholder ? (last ?? word) : word));
      const said = await run(args);
      const [, next] = sweepWasFirst.exec(said.text) ?? [];
      // As the README says of it.
      const told = next === undefined ? said : await run(next.split(" "));
      all.push({ line, ...told });
    }
    heard = all;
  }, patienceMs);
  afterAll(async () => {
    await live.close();
    remove();
  }, patienceMs);

  it("are commands of npx spot alone", () => {
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.filter((line) => !line.startsWith("npx spot "))).toEqual([]);
  });

  it("all do what they say", () => {
    expect(heard.filter(({ code }) => code !== exits.DONE.code)).toEqual([]);
  });

  it("end with a switch whose verdict is the same from its record", () => {
    const told = heard.map(({ text }) => text).join("\n");
    expect(told).toContain("PRIMARY_PRIVATE_IP_WOULD_CHANGE");
    expect(told).toContain("SHADOWED");
    expect(told).toMatch(/SWITCHED\tSAVINGS_WORTH_THE_RISK/);
    expect(told).toContain("identical, byte for byte");
    expect(told).toContain("NO_CANDIDATE_UNDER_MAX_RISK");
  });
});
