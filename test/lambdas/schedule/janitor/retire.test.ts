import { describe, expect, it } from "@jest/globals";
import { planIntent } from "../../../../adapters/store/intents.ts";
import { retireAfterTag } from "../../../../core/model/tags.ts";
import { accountId } from "../../../../local/lab/lab.ts";
import { harmCall } from "../../../../local/lab/harm.ts";
import { afterSwitch, type JanitorLab } from "./janitor-lab.ts";

/** The default, and a little more. */
const cooloffHours = 24.1;
/** After which the janitor looks again at what it could not do. */
const retryHours = 0.51;

const terminations = ({ calls }: JanitorLab): number =>
  calls().filter((operation) => operation === "TerminateInstances").length;

describe("a stopped original", () => {
  it("is kept until its cool-off is over", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(23);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    expect(janitor.originalState()).toBe("stopped");
    expect(janitor.calls()).toEqual([]);
  });

  it("is terminated after its cool-off, once, and the record says so", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(await janitor.effects()).toEqual([
      {
        action: "TerminateInstances",
        resource: janitor.lab.originalId,
        at: expect.any(String),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        outcome: "DONE",
      },
    ]);
    await janitor.pass(1);
    expect(janitor.originalState()).toBe("terminated");
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
    expect(janitor.lab.replacement()?.state).toBe("running");
  });

  it("waits for as long as the policy says", async () => {
    const janitor = await afterSwitch({ policy: { cooloff_hours: 72 } });
    await janitor.pass(71);
    await janitor.tidy();
    expect(janitor.originalState()).toBe("stopped");
    await janitor.pass(2);
    await janitor.tidy();
    expect(terminations(janitor)).toBe(1);
  });
});

describe("an original about which a person decided otherwise", () => {
  const cases: readonly {
    readonly what: string;
    readonly decide: (janitor: JanitorLab) => Promise<unknown>;
    readonly state: string;
  }[] = [
    {
      what: "was started again",
      decide: ({ asOwner, lab }) => asOwner("StartInstances", { InstanceIds: [lab.originalId] }),
      state: "running",
    },
    {
      what: "lost its tag",
      decide: ({ asOwner, lab }) =>
        asOwner("DeleteTags", { Resources: [lab.originalId], Tags: [{ Key: retireAfterTag }] }),
      state: "stopped",
    },
    {
      what: "got another due time on its tag",
      decide: ({ asOwner, lab }) =>
        asOwner("CreateTags", {
          Resources: [lab.originalId],
          Tags: [{ Key: retireAfterTag, Value: "2027-01-01T00:00:00.000Z" }],
        }),
      state: "stopped",
    },
  ];

  it.each(cases)("is left alone for good when it $what", async ({ decide, state }) => {
    const janitor = await afterSwitch();
    await decide(janitor);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    await janitor.pass(24);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    expect(janitor.originalState()).toBe(state);
    expect(janitor.calls()).toEqual([]);
  });

  it("is left alone when somebody terminated it already", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    janitor.lab.control.terminateByOwner(janitor.lab.originalId);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(janitor.calls()).toEqual([]);
  });

  it("is forgotten when EC2 has not shown it for a day", async () => {
    const janitor = await afterSwitch();
    janitor.lab.control.terminateByOwner(janitor.lab.originalId);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    await janitor.pass(24);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(janitor.calls()).toEqual([]);
  });
});

describe("an original whose successor is gone", () => {
  it("is the last copy, and is kept for as long as nothing runs in its place", async () => {
    const janitor = await afterSwitch();
    const successor = janitor.lab.replacement()?.instanceId ?? "";
    janitor.lab.control.terminateByOwner(successor);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 0 failed.");
    for (const hours of [retryHours, 24, 24 * 30]) {
      await janitor.pass(hours);
      expect(await janitor.tidy()).toContain("1 postponed, 0 failed.");
    }
    expect(janitor.originalState()).toBe("stopped");
    expect(terminations(janitor)).toBe(0);
  });
});

describe("when nothing may be changed", () => {
  const stops: readonly {
    readonly what: string;
    readonly path: string;
    readonly method: string;
    readonly on: unknown;
    readonly off: unknown;
  }[] = [
    {
      what: "the kill switch is on",
      method: "PUT",
      path: "/kill-switch",
      on: { engaged: true, reason: "an incident" },
      off: { engaged: false, reason: "it is over" },
    },
    {
      what: "the account's kill switch is on",
      method: "PUT",
      path: "/kill-switch",
      on: { engaged: true, account_id: accountId, reason: "an incident" },
      off: { engaged: false, account_id: accountId, reason: "it is over" },
    },
    {
      what: "the account is disabled",
      method: "PATCH",
      path: `/accounts/${accountId}`,
      on: { status: "DISABLED" },
      off: { status: "PENDING" },
    },
  ];

  it.each(stops)("because $what, the original is kept, and goes later", async (stop) => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    expect((await janitor.lab.send(stop.method, stop.path, stop.on)).status).toBe(200);
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    expect(janitor.originalState()).toBe("stopped");
    expect(janitor.calls()).toEqual([]);
    expect((await janitor.lab.send(stop.method, stop.path, stop.off)).status).toBe(200);
    await janitor.pass(retryHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
  });
});

describe("a janitor who is cut off half-way", () => {
  const ofTermination = {
    nth: 1,
    matches: ({ operation }: { readonly operation: string }) => operation === "TerminateInstances",
  };

  it("does not terminate again what it had terminated before it was killed", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    harmCall(janitor.lab.platform, { harm: "function killed after acting", ...ofTermination });
    await expect(janitor.tidy()).rejects.toThrow("killed");
    await janitor.pass(0.1);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
    expect(janitor.originalState()).toBe("terminated");
  });

  it("finds out by looking what became of a call without an answer", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    harmCall(janitor.lab.platform, { harm: "connection broken after acting", ...ofTermination });
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    expect(await janitor.effects()).toMatchObject([{ outcome: "UNKNOWN" }]);
    await janitor.pass(retryHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
  });

  it("tries again what EC2 refused", async () => {
    const janitor = await afterSwitch();
    await janitor.pass(cooloffHours);
    harmCall(janitor.lab.platform, { harm: "unavailable", ...ofTermination });
    expect(await janitor.tidy()).toBe("0 settled, 0 postponed, 1 failed.");
    expect(janitor.originalState()).toBe("stopped");
    await janitor.pass(retryHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(2);
  });
});

describe("what outlives its target", () => {
  it("is tidied up after the target was deleted", async () => {
    const janitor = await afterSwitch();
    const { status } = await janitor.lab.send("DELETE", `/lab/instances/${janitor.lab.targetId}`);
    expect(status).toBe(204);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(terminations(janitor)).toBe(1);
  });

  it("is kept as the last copy even then", async () => {
    const janitor = await afterSwitch();
    await janitor.lab.send("DELETE", `/lab/instances/${janitor.lab.targetId}`);
    janitor.lab.control.terminateByOwner(janitor.lab.replacement()?.instanceId ?? "");
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("0 settled, 1 postponed, 0 failed.");
    expect(janitor.calls()).toEqual([]);
  });

  it("is left to its owner once the account was disconnected", async () => {
    const janitor = await afterSwitch();
    await janitor.lab.send("DELETE", `/lab/instances/${janitor.lab.targetId}`);
    const { status } = await janitor.lab.send("DELETE", `/accounts/${accountId}`);
    expect(status).toBe(204);
    await janitor.pass(cooloffHours);
    expect(await janitor.tidy()).toBe("1 settled, 0 postponed, 0 failed.");
    expect(janitor.calls()).toEqual([]);
    expect(janitor.lab.logged.join("\n")).toContain("left to its owner");
  });
});

describe("a janitor with much to do", () => {
  it("is not kept from what can be done by what can't", async () => {
    const janitor = await afterSwitch();
    const { lab, story } = janitor;
    const dueAt = new Date(lab.clock.now()).toISOString();
    for (let index = 0; index < 41; index += 1) {
      const instanceId = `i-${String(index).padStart(17, "0")}`;
      await planIntent(lab.table, story.evaluationId, {
        id: `retire-${String(index)}`,
        status: "COMMITTED",
        fence: 1,
        plannedAt: dueAt,
        change: { kind: "RETIRE_ORIGINAL", instanceId, dueAt },
      });
    }
    await janitor.pass(23.5);
    expect(await janitor.tidy()).toBe("0 settled, 40 postponed, 0 failed.");
    await janitor.pass(0.6);
    await janitor.tidy();
    await janitor.tidy();
    expect(terminations(janitor)).toBe(1);
  });
});
