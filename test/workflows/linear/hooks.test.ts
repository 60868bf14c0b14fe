import { beforeEach, describe, expect, it } from "@jest/globals";
import { CloudError } from "../../../local/cloud/contract.ts";
import type { Run } from "../../../local/cloud/ssm/commands.ts";
import type { Ending, Lab } from "../../../local/lab/contract.ts";
import { createKiller } from "../../../local/lab/harm.ts";
import { complaintsAbout } from "../../../local/lab/judge.ts";
import { accountId, createLab, region, type LabOptions } from "../../../local/lab/lab.ts";
import { actionsOf, throwKillSwitch } from "../../../local/lab/scenarios.ts";
import { enrolled } from "../../../local/platform/customer-group.ts";

const quiesce = { kind: "before_freeze", document: "quiesce-database", seconds: 60 };
const tell = { kind: "after_switch", document: "tell-others", seconds: 60 };
const proof = { kind: "ssm-document", document: "prove-application", seconds: 60 };

/** What ran where, in which state the original was then. */
interface Ran {
  readonly name: string;
  readonly on: "original" | "replacement";
  readonly original: string;
}

/** What each document does; the number of the run begins at 1. */
type Does = Readonly<Record<string, (run: number, instanceId: string) => Run>>;

const well: Run = { exitCode: 0, lastsMs: 2_000 };

const labWith = async (
  options: LabOptions,
  does: Does = {},
): Promise<{ readonly lab: Lab; readonly ran: readonly Ran[] }> => {
  const lab = await createLab(options);
  const ran: Ran[] = [];
  lab.platform.ssm.installAgents(accountId);
  for (const { document: name } of [quiesce, tell, proof]) {
    let runs = 0;
    lab.platform.ssm.addDocument({
      accountId,
      region,
      name,
      tags: enrolled,
      run: (instanceId) => {
        runs += 1;
        const original = lab.control.find(lab.originalId)?.state ?? "gone";
        ran.push({
          name,
          on: instanceId === lab.originalId ? "original" : "replacement",
          original,
        });
        return does[name]?.(runs, instanceId) ?? well;
      },
    });
  }
  return { lab, ran };
};

const spelled = (ran: readonly Ran[]): readonly string[] =>
  ran.map(({ name, on, original }) => `${name} on ${on}, original ${original}`);

const stages = ({ evaluation }: Ending): readonly string[] =>
  (evaluation.proofs ?? []).map(({ stage, holds }) => `${stage} ${String(holds)}`);

const hooks = { hooks: [quiesce, tell] };

describe("the owner's hooks", () => {
  it("run once each: before the original is stopped, and once the replacement serves", async () => {
    const { lab, ran } = await labWith({ policy: hooks });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(spelled(ran)).toEqual([
      "quiesce-database on original, original running",
      "tell-others on replacement, original stopped",
    ]);
    expect(story.evaluation.hooks).toMatchObject([
      { hook: "before_freeze", instanceId: lab.originalId, hasSucceeded: true },
      { hook: "after_switch", instanceId: lab.replacement()?.instanceId, hasSucceeded: true },
    ]);
    // Nothing that a document has printed is in the record, the log or the workflow.
    const told = JSON.stringify([story.answer, lab.logged, story.intents]);
    expect(told).not.toContain("an application's own words");
  });

  it("before the freeze that fails: nothing is stopped, and the original serves on", async () => {
    const { lab } = await labWith(
      { policy: hooks },
      { [quiesce.document]: () => ({ exitCode: 3 }) },
    );
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect([story.status, story.evaluation.outcome?.reason]).toEqual(["ROLLED_BACK", "BrokenHook"]);
    expect(story.evaluation.outcome?.sentence).toContain("Failed, exit code 3");
    expect(story.evaluation.outcome?.sentence).toContain("see that what it did is taken back");
    expect(actionsOf(story)).not.toContain("StopInstances");
    expect(story.original?.state).toBe("running");
  });

  it("before the freeze that never ends: its time passes, and nothing is stopped", async () => {
    const { lab, ran } = await labWith(
      { policy: hooks },
      { [quiesce.document]: () => ({ exitCode: 0, lastsMs: 3_600_000 }) },
    );
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation.failure?.error).toBe("BrokenDeadline");
    expect(actionsOf(story)).not.toContain("StopInstances");
    expect(ran).toHaveLength(1);
  });

  it("before the freeze of which nobody knows whether it was sent is not run twice, nor taken for done", async () => {
    const { lab, ran } = await labWith({ policy: { hooks: [{ ...quiesce, seconds: 300 }] } });
    const killer = createKiller();
    let isDone = false;
    // The call never reaches Systems Manager, and the function dies with it.
    lab.platform.cloud.faults.before((call) => {
      if (call.operation !== "SendCommand" || isDone) return undefined;
      isDone = true;
      return killer.die();
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.evaluation.failure?.error).toBe("BrokenHook");
    expect(story.evaluation.failure?.cause).toContain("is not known, and it is not sent twice");
    expect(ran).toEqual([]);
    expect(actionsOf(story)).not.toContain("StopInstances");
  });

  it.each(["quiesce-database", "tell-others"])(
    "%s runs once though the answer to its command was lost",
    async (document) => {
      const { lab, ran } = await labWith({ policy: hooks });
      const killer = createKiller();
      let isDone = false;
      lab.platform.cloud.faults.after((call) => {
        const { DocumentName: name } = call.input as { readonly DocumentName?: string };
        if (call.operation !== "SendCommand" || name !== document || isDone) return undefined;
        isDone = true;
        return killer.die();
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(ran.filter(({ name }) => name === document)).toHaveLength(1);
    },
  );

  it("is sent again where AWS has turned it away for now", async () => {
    const { lab, ran } = await labWith({ policy: hooks });
    let times = 0;
    lab.platform.cloud.faults.before((call) => {
      times += call.operation === "SendCommand" ? 1 : 0;
      if (call.operation === "SendCommand" && times === 1) {
        throw new CloudError("ThrottlingException", "Rate exceeded", 400);
      }
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(ran.map(({ name }) => name)).toEqual(["quiesce-database", "tell-others"]);
  });

  it("is not sent while the kill switch is on", async () => {
    const { lab, ran } = await labWith({ policy: hooks });
    const { functions } = lab.platform;
    const invoke = functions.invoke.bind(functions);
    functions.invoke = async (name, payload) => {
      if (name === "linear-freeze-original") await throwKillSwitch(lab);
      return invoke(name, payload);
    };
    const story = await lab.run();
    expect(story.evaluation.failure?.error).toBe("StaleKillSwitch");
    expect(ran).toEqual([]);
  });

  it.each<{ readonly what: string; readonly arrange: (lab: Lab) => void; readonly says: string }>([
    { what: "that fails", arrange: () => undefined, says: "Failed, exit code 9" },
    {
      what: "that may not be sent",
      arrange: ({ platform }) => {
        platform.cloud.faults.before((call) => {
          const { DocumentName: name } = call.input as { readonly DocumentName?: string };
          if (call.operation !== "SendCommand" || name !== tell.document) return;
          throw new CloudError("AccessDeniedException", "Not authorized.", 400);
        });
      },
      says: "was not run on",
    },
    {
      what: "whose agent never comes up",
      arrange: (lab) => {
        lab.platform.cloud.faults.after(() => {
          const id = lab.replacement()?.instanceId;
          if (id !== undefined) lab.platform.ssm.setSilent(id, true);
        });
      },
      says: "Systems Manager did not manage the replacement in time",
    },
  ])("after the switch $what is told, and takes nothing back", async ({ arrange, says }) => {
    const { lab } = await labWith({ policy: hooks }, { [tell.document]: () => ({ exitCode: 9 }) });
    arrange(lab);
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(story.evaluation.outcome?.sentence).toContain(says);
    expect(story.original?.state).toBe("stopped");
  });

  it("of a stateless load, which is not frozen: only the one after the switch runs", async () => {
    const { lab, ran } = await labWith({ consistency: "stateless", policy: hooks });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(spelled(ran)).toEqual(["tell-others on replacement, original running"]);
  });

  it("in shadow mode are not run", async () => {
    const { lab, ran } = await labWith({ isShadowMode: true, policy: hooks });
    const story = await lab.run();
    expect([story.status, story.mutations.length, ran.length]).toEqual(["SHADOWED", 0, 0]);
  });
});

describe("an instance on which a document of the policy can't run", () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await createLab({ policy: { hooks: [quiesce] } });
  });

  it("is refused where Systems Manager does not manage it", async () => {
    lab.platform.ssm.addDocument({
      accountId,
      region,
      name: quiesce.document,
      tags: enrolled,
      run: () => well,
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect([story.status, story.evaluation.verdict?.reason]).toEqual([
      "REFUSED",
      "NOT_MANAGED_BY_SSM",
    ]);
  });

  it.each([
    { what: "does not exist", document: undefined },
    { what: "is of type Automation", document: { type: "Automation" } },
    { what: "needs the parameters Database", document: { requiredParameters: ["Database"] } },
  ] as const)("is refused where the document $what", async ({ what, document }) => {
    lab.platform.ssm.installAgents(accountId);
    if (document !== undefined) {
      const name = quiesce.document;
      lab.platform.ssm.addDocument({
        accountId,
        region,
        name,
        tags: enrolled,
        run: () => well,
        ...document,
      });
    }
    const story = await lab.run();
    expect([story.status, story.evaluation.verdict?.reason]).toEqual(["REFUSED", "DOCUMENT_UNFIT"]);
    expect(story.evaluation.outcome?.sentence).toContain(what);
  });
});

describe("a proof by a document", () => {
  it.each(["replace-root-volume", "relaunch", "move-root-volume"])(
    "is asked of the original, of the replacement on its final root before clients reach it (%s), and after",
    async (rootTransfer) => {
      const { lab } = await labWith({
        policy: { proof: [proof], root_transfer: rootTransfer },
        maxReplacements: 2,
        targetGroup: true,
        instance: { dataVolumes: [{ sizeGib: 8 }], secondaryInterfaces: 1 },
      });
      const story = await lab.run();
      expect(await complaintsAbout(lab, story)).toEqual([]);
      expect(story.status).toBe("SWITCHED");
      expect(stages(story)).toEqual(["before true", "final_root true", "after true"]);
      const { servedFrom = "" } = story.evaluation.progress;
      const at = story.evaluation.proofs?.find(({ stage }) => stage === "final_root")?.at ?? "";
      expect(at < servedFrom).toBe(true);
    },
  );

  it("of a stateless replacement is asked when it is healthy, before anything is given up", async () => {
    const { lab } = await labWith({
      consistency: "stateless",
      policy: { proof: [proof] },
      targetGroup: true,
    });
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(stages(story)).toEqual(["before true", "healthy true", "after true"]);
  });

  it("that fails of what serves touches nothing", async () => {
    const { lab } = await labWith(
      { policy: { proof: [proof] } },
      { [proof.document]: () => ({ exitCode: 1 }) },
    );
    const story = await lab.run();
    expect([story.status, story.evaluation.outcome?.reason]).toEqual(["STAYED", "PROOF_FAILS"]);
    expect(actionsOf(story)).toEqual(["SendCommand"]);
  });

  it("that hangs on what serves touches nothing", async () => {
    const { lab } = await labWith(
      { policy: { proof: [proof] } },
      { [proof.document]: () => ({ exitCode: 0, lastsMs: 3_600_000 }) },
    );
    const story = await lab.run();
    expect(story.evaluation.outcome?.reason).toBe("PROOF_FAILS");
    expect(story.evaluation.outcome?.sentence).toContain("takes longer than 60 seconds");
  });

  it("that the replacement does not give on its final root: no client reaches it, and the original is back", async () => {
    const { lab } = await labWith(
      { policy: { proof: [proof], proof_deadline_minutes: 2 } },
      { [proof.document]: (_, id) => ({ exitCode: lab.originalId === id ? 0 : 7 }) },
    );
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect([story.status, story.evaluation.failure?.error]).toEqual([
      "ROLLED_BACK",
      "BrokenDeadline",
    ]);
    expect(actionsOf(story)).not.toContain("AssociateAddress");
    expect(story.evaluation.progress.servedFrom).toBeUndefined();
  });

  it("is asked again until the application is up", async () => {
    const { lab, ran } = await labWith(
      { policy: { proof: [proof] } },
      { [proof.document]: (run) => ({ exitCode: run === 2 || run === 3 ? 1 : 0 }) },
    );
    const story = await lab.run();
    expect(await complaintsAbout(lab, story)).toEqual([]);
    expect(story.status).toBe("SWITCHED");
    expect(ran.map(({ on }) => on)).toEqual([
      "original",
      "replacement",
      "replacement",
      "replacement",
      "replacement",
    ]);
  });
});
