/** Before the product is removed each account has left: what would be known to nobody is named, with its account. */
import { describe, expect, it } from "@jest/globals";
import { updateAccount } from "../../../adapters/store/accounts.ts";
import { setKillSwitch } from "../../../adapters/store/kill-switch.ts";
import { accountIdSchema } from "../../../core/model/ids.ts";
import type { Surroundings } from "../../../local/cli/surroundings.ts";
import type { Lab } from "../../../local/lab/contract.ts";
import { accountId, createLab, region } from "../../../local/lab/lab.ts";
import { rich } from "../../../local/lab/scenarios.ts";
import { removeCommand } from "../../../local/operations/remove-command.ts";
import { leavingAccount } from "../../lambdas/schedule/off-board/off-board-lab.ts";
import { jsonAnswer } from "../cli/spot-under-test.ts";
import { recordingTerminal } from "../terminal/recording-terminal.ts";

type Fetch = Surroundings["fetch"];

const basePath = "/api/v1";

/** The API of the laboratory, and what it was asked. */
const apiOf = (lab: Lab) => {
  const asked: string[] = [];
  const fetch: Fetch = async ({ method, url }) => {
    const { pathname, search } = new URL(url);
    asked.push(`${method} ${pathname.replace(basePath, "")}${search}`);
    const { status, body } = await lab.send(method, pathname.replace(basePath, "") + search);
    const type = status < 300 ? "application/json" : "application/problem+json";
    return jsonAnswer(body, status, type);
  };
  return { asked, fetch };
};

const run = async (fetch: Fetch, ...args: readonly string[]) => {
  const { terminal, said } = recordingTerminal();
  const command = removeCommand((given) => ({
    version: "0.0.0",
    terminal: given,
    env: {},
    columns: () => undefined,
    fetch,
    now: () => new Date("2026-03-02T09:00:00Z"),
    sleep: () => Promise.resolve(),
    randomId: () => "key-1",
    interrupt: new AbortController().signal,
  }));
  const code = await command(args, terminal);
  return { code, ...said };
};

describe("npm run remove", () => {
  it("names what a switch has left in an account that is still connected, and changes nothing", async () => {
    const { lab, story } = await leavingAccount({ ...rich["move-volumes"] });
    const { asked, fetch } = apiOf(lab);
    const before = lab.platform.cloud.journal.length;
    const { code, stdout, stderr } = await run(fetch);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toContain("The product can't be removed yet");
    expect(stdout).toMatch(
      new RegExp(
        `${accountId} +account +It has not left. Targets: 1; resources that serve, and carry our tags: [1-9]`,
      ),
    );
    expect(stdout).toMatch(
      new RegExp(`${accountId} +${region} +stopped original +${lab.originalId} `),
    );
    expect(stdout).toMatch(/kept image +ami-/);
    expect(story.status).toBe("SWITCHED");
    const changed = lab.platform.cloud.journal.slice(before).filter(({ mutating }) => mutating);
    expect(changed).toEqual([]);
    expect(asked.filter((one) => !one.startsWith("GET ") && !one.includes("dry_run=true"))).toEqual(
      [],
    );
  });

  it("says what removes the stack once every account has left, and what stays", async () => {
    const { lab, tell, agree, work } = await leavingAccount({ ...rich["move-volumes"] });
    await agree(await tell());
    await work();
    const { code, stdout } = await run(apiOf(lab).fetch, "--stage", "staging");
    expect(code).toBe(0);
    expect(stdout).toContain("Nothing is in the way");
    expect(stdout).toContain("--stack-name SpotOptimizer-staging");
    expect(stdout).toContain("STAGE=staging npx cdk destroy");
    expect(stdout).toContain("The state table stays");
  });

  it("tells what an account on its way out waits for", async () => {
    const { lab, tell, agree, work } = await leavingAccount({ ...rich["move-volumes"] });
    await agree(await tell());
    await setKillSwitch(lab.table, {
      scope: "global",
      engaged: true,
      reason: "drill",
      by: "ops",
      now: new Date(lab.clock.now()),
    });
    await work(1);
    const { code, stdout } = await run(apiOf(lab).fetch);
    expect(code).toBe(1);
    expect(stdout).toMatch(/off-boarding +\S.*kill switch/i);
  });

  it("counts an evaluation that runs, or needs a person, whatever account it is of", async () => {
    const lab = await createLab({ ...rich["move-volumes"] });
    await lab.send("POST", `/lab/instances/${lab.targetId}/evaluate`, {});
    const { code, stdout } = await run(apiOf(lab).fetch);
    expect(code).toBe(1);
    expect(stdout).toMatch(/evaluation +\S+ +It is (PENDING|RUNNING): its execution/);
  });

  it("ends with 1 where an account can't be read, and says so", async () => {
    const { lab } = await leavingAccount({ ...rich["move-volumes"] });
    await updateAccount(lab.table, accountIdSchema.parse(accountId), (stored) => ({
      ...stored,
      status: "DISABLED",
    }));
    const { code, stdout } = await run(apiOf(lab).fetch);
    expect(code).toBe(1);
    expect(stdout).toMatch(/not read +\S/);
  });

  it("never takes a failure for an empty account", async () => {
    const { code, stdout, stderr } = await run(() => Promise.reject(new Error("ECONNREFUSED")));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("does not answer");
    const usage = await run(() => Promise.resolve(jsonAnswer({})), "--url", "nowhere");
    expect(usage).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("npm run remove, of what persons agreed to delete", () => {
  const finding = {
    account_id: accountId,
    region,
    kind: "UNATTACHED_VOLUME",
    resource_id: "vol-0123456789abcdef0",
  };
  const plan = {
    account_id: accountId,
    hash: "0".repeat(64),
    targets: [],
    stays: [],
    restored: [],
    deleted: [{ region, kind: "capacity-reservation", id: "cr-1", sentence: "Held." }],
    decisions: [],
    untouched: [{ region, kind: "volume", id: "vol-2", sentence: "Nothing claims it." }],
  };
  const answers = (deleted: object): Fetch => {
    const deletions = {
      DELETED: [{ ...finding, status: "DELETED", deletion: deleted }],
      DELETING: [],
    };
    return ({ method, url }) => {
      const { pathname, searchParams } = new URL(url);
      if (method === "DELETE") return Promise.resolve(jsonAnswer(plan));
      if (pathname.endsWith(accountId))
        return Promise.resolve(jsonAnswer({ account_id: accountId }));
      if (pathname.endsWith("/accounts")) {
        return Promise.resolve(jsonAnswer({ items: [{ account_id: accountId }] }));
      }
      const status = searchParams.get("status") ?? "";
      const items = pathname.endsWith("/waste") ? deletions[status as keyof typeof deletions] : [];
      return Promise.resolve(jsonAnswer({ items }));
    };
  };

  it("names what a Recycle Bin still holds, a copy that is kept, open reservations and what nothing claims", async () => {
    const binned = await run(answers({ bin_exits_at: "2026-03-05T00:00:00Z" }));
    expect(binned.stdout).toMatch(
      /in the bin +vol-0123456789abcdef0 +It was deleted, and can come back until 2026-03-05/,
    );
    expect(binned.stdout).toMatch(/open reservation +cr-1 +Held\./);
    expect(binned.stdout).toMatch(/unclaimed volume +vol-2/);
    const copied = await run(
      answers({
        bin_exits_at: "2026-03-01T00:00:00Z",
        snapshot_id: "snap-1",
        snapshot_until: "2026-03-20T00:00:00Z",
      }),
    );
    expect(copied.stdout).toMatch(/kept snapshot +vol-\w+ +Snapshot snap-1/);
    expect(copied.stdout).not.toContain("in the bin");
  });

  it("leaves out what can no longer come back", async () => {
    const over = await run(answers({ bin_exits_at: "2026-03-01T00:00:00Z" }));
    expect(over.stdout).not.toContain("vol-0123456789abcdef0");
  });
});
