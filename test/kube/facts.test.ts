/** What a real server does that takes time or needs its authenticator to fail: the simulated one is told to by settings and faults. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Reply } from "../../local/kube/api.ts";
import { callers, tokenFor } from "./callers.ts";
import { shown } from "./shown.ts";
import { startReal, type Side } from "./sides.ts";
import { Stage } from "./stage.ts";

let side: Side;

beforeAll(async () => {
  side = await startReal(callers);
}, 120_000);

afterAll(async () => {
  await side.stop();
}, 60_000);

interface Timed {
  readonly seconds: number;
  readonly reply: Reply;
}

const timed = async (ask: () => Promise<Reply>): Promise<Timed> => {
  const beganMs = performance.now();
  const reply = await ask();
  return { seconds: (performance.now() - beganMs) / 1000, reply };
};

const stageOf = async (name: string): Promise<Stage> => {
  const stage = new Stage(side, name);
  await stage.open();
  return stage;
};

const tell = (what: string, seconds: number): void => {
  process.stdout.write(`${what}: ${seconds.toFixed(1)} s\n`);
};

const unauthorized = { status: 401, reason: "Unauthorized", message: "Unauthorized" };

const withToken = async (key: string): Promise<Timed> => {
  const token = await tokenFor(key);
  return timed(() => side.api.ask("/api/v1/nodes", { token }));
};

test("an eviction with another UID is tried for 10 s where the pod is Pending, and answered at once where it runs", async () => {
  const stage = await stageOf("slow");
  await stage.addPod("waiting", { life: "PENDING" });
  await stage.addPod("running");
  const waiting = await timed(() => stage.evict("waiting", { uid: "another" }));
  const running = await timed(() => stage.evict("running", { uid: "another" }));
  tell("409 of a Pending pod", waiting.seconds);
  expect([waiting.reply.status, running.reply.status]).toEqual([409, 409]);
  expect(waiting.seconds).toBeGreaterThan(8);
  expect(waiting.seconds).toBeLessThan(20);
  expect(running.seconds).toBeLessThan(5);
}, 60_000);

test("a slot that an eviction with another UID has spent comes back after two minutes", async () => {
  const stage = await stageOf("slot");
  const pods = await stage.deploy({ replicas: 3 });
  await stage.addBudget({ minAvailable: 2 });
  await stage.settledBudget();
  const [first, second] = pods.map(({ metadata }) => metadata.name);
  expect((await stage.evict(first ?? "", { uid: "another" })).status).toBe(409);
  const beganMs = performance.now();
  const waited = (): number => (performance.now() - beganMs) / 1000;
  while ((await stage.evict(second ?? "", { isDryRun: true })).status === 429 && waited() < 300) {
    await delay(1000);
  }
  tell("a spent slot is back after", waited());
  expect(waited()).toBeGreaterThan(110);
  expect(waited()).toBeLessThan(200);
}, 320_000);

test("an authenticator that fails, is throttled, hangs or is gone: the client sees 401, sooner or later", async () => {
  const webhook = side.plane?.webhook;
  if (webhook === undefined) throw new Error("This is not the real side.");
  expect((await withToken("ASIAFINE")).reply.status).toBe(403);
  for (const state of ["THROTTLED", "FAILS"] as const) {
    webhook.turn(state);
    const before = webhook.calls();
    const { seconds, reply } = await withToken(`ASIA${state}`);
    tell(`401 of an authenticator that ${state.toLowerCase()}`, seconds);
    expect(shown(reply)).toMatchObject(unauthorized);
    expect(webhook.calls() - before).toBe(5);
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(15);
  }
  webhook.turn("HANGS");
  const hanging = await withToken("ASIAHANGS");
  tell("401 of an authenticator that hangs", hanging.seconds);
  expect(shown(hanging.reply)).toMatchObject(unauthorized);
  expect(hanging.seconds).toBeGreaterThan(25);
  await webhook.close();
  const gone = await withToken("ASIAGONE");
  expect(shown(gone.reply)).toMatchObject(unauthorized);
  expect(gone.seconds).toBeLessThan(10);
}, 120_000);
