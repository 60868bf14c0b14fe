/** A switch of the simulated cloud, as a page shows it that was opened before it began. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as z from "zod";
import { nodesOf } from "../../local/console/workflow-nodes.ts";
import { serveConsole } from "../../local/console/serve.ts";
import type { LivePlatform } from "../../local/platform/live-platform.ts";
import { workflows } from "../../statemachines/workflows.ts";
import { labAccount, send, speed, startIn, temporaryFolder } from "../local/platform/live-world.ts";
import { visit } from "./browser.ts";
import { withBrowser } from "./held.ts";
import { builtPage } from "./page-under-test.ts";

const patienceMs = 240_000;

/** Milliseconds after which a phase is to be seen. */
const aimMs = 3_000;

const recordSchema = z.object({
  status: z.string(),
  phases: z.array(z.object({ name: z.string(), started_at: z.string() })),
});
const healthSchema = z.object({ checked_at: z.string() });

/** In the page: when each step was first shown as begun, and whether downtime was ever shown. */
const watch = `
  window.isTheSame = true;
  window.begun = {};
  window.sawDowntime = false;
  const look = () => {
    for (const row of document.querySelectorAll(".line.step.running, .line.step.done")) {
      const name = row.querySelector(".line-name span").firstChild.textContent;
      window.begun[name] ??= Date.now();
    }
    const hatched = document.querySelector(".handover .bar.down");
    if (hatched !== null && getComputedStyle(hatched).backgroundImage.includes("repeating-linear-gradient")) {
      window.sawDowntime = true;
    }
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  look();
`;

const seenSchema = z.object({
  isTheSame: z.literal(true),
  begun: z.record(z.string(), z.number()),
  sawDowntime: z.boolean(),
});

describe("a switch that goes on", () => {
  const browser = withBrowser();
  const { folder, remove } = temporaryFolder();
  let live: LivePlatform;
  beforeAll(async () => {
    const page = serveConsole(await builtPage(), { version: "0.1.0", mayWrite: true });
    live = await startIn(folder, { page });
  }, patienceMs);
  afterAll(async () => {
    await live.close();
    remove();
  });

  const call = async (method: string, path: string, body?: object) => {
    const answer = await send(live.apiUrl, { method, path, body });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  /** In shadow mode no longer: what is worth it is switched. */
  const begin = async (): Promise<string> => {
    const [instance] = live.fleet.instances.filter(({ accountId }) => accountId === labAccount);
    if (instance === undefined) throw new Error("The account has no instance.");
    const { instanceId, instanceType, zoneName } = instance;
    const account = { account_id: labAccount, name: "Lab", environment: "LAB" };
    await call("POST", "/accounts", { ...account, regions: ["us-east-1"] });
    await call("POST", `/accounts/${labAccount}/verify`);
    await call("POST", "/lab/instances", {
      account_id: labAccount,
      instance_id: instanceId,
      instance_type: instanceType,
      availability_zone: zoneName,
      pipeline_mode: "LINEAR",
      policy_overrides: { accept_change_of: ["primary-private-ip"] },
    });
    await call("PATCH", `/lab/instances/${instanceId}`, { is_shadow_mode: false });
    const begun = await call("POST", `/lab/instances/${instanceId}/evaluate`);
    return z.string().parse(begun["evaluation_id"]);
  };

  /** Milliseconds since the epoch by this machine's clock, of an instant of the simulated cloud's. */
  const hereOf = async (): Promise<(iso: string) => number> => {
    const { checked_at: at } = healthSchema.parse(await call("GET", "/health"));
    const now = Date.now();
    return (iso) => now - (Date.parse(at) - Date.parse(iso)) / speed;
  };

  it(
    "shows each phase within three seconds of its beginning, its downtime hatched, without being loaded again",
    async () => {
      const id = await begin();
      const path = `/evaluations/${id}`;
      const look = { width: 1440, scheme: "light" } as const;
      const { page, faults, leave } = await visit(browser(), { url: live.apiUrl, path, look });
      await page.locator(".line.step").first().waitFor();
      await page.evaluate(watch);
      const watchedMs = Date.now();
      const began = new Map<string, number>();
      for (;;) {
        const here = await hereOf();
        const record = recordSchema.parse(await call("GET", path));
        for (const { name, started_at: at } of record.phases) {
          if (!began.has(name)) began.set(name, here(at));
        }
        if (record.status !== "RUNNING" && record.status !== "PENDING") break;
        await page.waitForTimeout(100);
      }
      await page.waitForTimeout(aimMs);
      const { begun, sawDowntime } = seenSchema.parse(
        await page.evaluate(
          "({ isTheSame: window.isTheSame, begun: window.begun, sawDowntime: window.sawDowntime })",
        ),
      );
      await leave();
      const nodes = nodesOf("LINEAR", workflows.LINEAR);
      const late = nodes.flatMap(({ name, phase }) => {
        const at = began.get(phase);
        if (at === undefined || at < watchedMs) return [];
        const after = (begun[name] ?? Infinity) - at;
        return [{ name, after }];
      });
      process.stdout.write(
        `${String(late.length)} phases shown after ${Math.max(...late.map(({ after }) => after)).toFixed(0)} ms at the most (aim 3,000)\n`,
      );
      expect(late.length).toBeGreaterThan(5);
      expect(late.filter(({ after }) => after > aimMs)).toEqual([]);
      expect(sawDowntime).toBe(true);
      expect(faults).toEqual([]);
    },
    patienceMs,
  );
});
