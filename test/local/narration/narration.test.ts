import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { openNarration, type Narration } from "../../../local/narration/narration.ts";
import type { LivePlatform } from "../../../local/platform/live-platform.ts";
import { plainPaint } from "../../../local/terminal/paint.ts";
import { labAccount, send, startIn, temporaryFolder, until } from "../platform/live-world.ts";

const patienceMs = 900_000;

interface Said {
  readonly type: string;
  readonly word?: string;
  readonly subject_name?: string;
  readonly sentence?: string;
}

describe("the log of a platform that lives", () => {
  const world = temporaryFolder();
  const output: string[] = [];
  const errors: string[] = [];
  const narration: Narration = openNarration(
    { quiet: false, json: true },
    {
      stdout: (text) => output.push(text),
      stderr: (text) => errors.push(text),
      paint: plainPaint,
    },
  );
  let live: LivePlatform;
  beforeAll(async () => {
    live = await startIn(world.folder, {
      observe: narration.observe,
      log: narration.log,
      speed: 600,
    });
    narration.begin(live);
  }, patienceMs);
  afterAll(async () => {
    await live.close();
    world.remove();
  }, patienceMs);

  const said = (): readonly Said[] =>
    output.map((text) => {
      expect(text.indexOf("\n")).toBe(text.length - 1);
      return JSON.parse(text) as Said;
    });

  it(
    "greets, tells phases, decision and outcome of a switch in order, and a kill switch",
    async () => {
      const { apiUrl, fleet } = live;
      const account = {
        ...{ account_id: labAccount, name: "Lab", environment: "LAB", regions: ["us-east-1"] },
      };
      await send(apiUrl, { method: "POST", path: "/accounts", body: account });
      await send(apiUrl, { method: "POST", path: `/accounts/${labAccount}/verify` });
      const [, worker] = fleet.instances;
      await send(apiUrl, {
        method: "POST",
        path: "/lab/instances",
        body: {
          account_id: labAccount,
          instance_id: worker?.instanceId,
          instance_type: worker?.instanceType,
          availability_zone: worker?.zoneName,
          pipeline_mode: "LINEAR",
          is_shadow_mode: false,
          policy_overrides: { accept_change_of: ["primary-private-ip"] },
        },
      });
      const path = `/lab/instances/${worker?.instanceId ?? ""}/evaluate`;
      expect((await send(apiUrl, { method: "POST", path })).status).toBe(202);
      await until("outcome", () => Promise.resolve(said().find(({ type }) => type === "outcome")));
      await send(apiUrl, {
        method: "PUT",
        path: "/kill-switch",
        body: { engaged: true, reason: "a test" },
      });
      await until("kill switch", () =>
        Promise.resolve(said().find(({ type }) => type === "kill-switch")),
      );
      const lines = said();
      expect(lines[0]).toMatchObject({ type: "started", api_url: `${apiUrl}/api/v1` });
      const ofWorker = lines.filter(({ subject_name: name }) => name === "worker");
      expect(ofWorker[0]).toMatchObject({ type: "phase", word: "Open evaluation" });
      expect(ofWorker.filter(({ type }) => type === "decision")).toEqual([
        expect.objectContaining({ word: "Switch", reason: "SAVINGS_WORTH_THE_RISK" }),
      ]);
      expect(ofWorker.at(-1)).toMatchObject({ type: "outcome", word: "Switched" });
      expect(ofWorker.length).toBeGreaterThan(10);
      const sentences = ofWorker.map(({ sentence }) => sentence);
      expect(new Set(sentences).size).toBe(sentences.length);
      const thrown = lines.find(({ type }) => type === "kill-switch");
      expect(thrown?.word).toBe("Kill switch");
      expect(thrown?.sentence).toContain("Thrown for all accounts: a test");
      expect(errors).toEqual([]);
    },
    patienceMs,
  );
});
