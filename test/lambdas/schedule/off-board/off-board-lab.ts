/** An account that leaves, after a switch was made in it. */
import { expect } from "@jest/globals";
import type { Ending, Lab } from "../../../../local/lab/contract.ts";
import { accountId, createLab, type LabOptions } from "../../../../local/lab/lab.ts";

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly [field: string]: unknown;
}

interface Plan {
  readonly hash: string;
  readonly targets: readonly string[];
  readonly stays: readonly Row[];
  readonly restored: readonly Row[];
  readonly deleted: readonly Row[];
  readonly decisions: readonly Row[];
  readonly untouched: readonly Row[];
  readonly unread?: string;
}

export interface LeavingLab {
  readonly lab: Lab;
  readonly story: Ending;
  readonly replacementId: string;
  /** By id, as the account had them before the switch. */
  readonly tagsOf: (id: string) => Readonly<Record<string, string>>;
  readonly tell: (end?: string) => Promise<Plan>;
  readonly agree: (plan: Pick<Plan, "hash">, end?: string) => ReturnType<Lab["send"]>;
  /** The function comes so often, five minutes apart, or until the account is gone. */
  readonly work: (times?: number) => Promise<void>;
  readonly isGone: () => Promise<boolean>;
}

const path = `/accounts/${accountId}`;
const minuteMs = 60_000;

export const ids = (rows: readonly Row[]): readonly string[] => rows.map(({ id }) => id).toSorted();

export const leavingAccount = async (options: LabOptions): Promise<LeavingLab> => {
  const lab = await createLab({ ...options, undisturbedUntil: "END" });
  const story = await lab.run();
  expect(story.status).toBe("SWITCHED");
  const isGone = async (): Promise<boolean> => (await lab.send("GET", path)).status === 404;
  const withEnd = (end: string | undefined): string => (end === undefined ? "" : `&end=${end}`);
  return {
    lab,
    story,
    replacementId: story.swap?.replacement?.instanceId ?? "",
    tagsOf: (id) => lab.control.resources(accountId).find((each) => each.id === id)?.tags ?? {},
    tell: async (end) => {
      const { status, body } = await lab.send("DELETE", `${path}?dry_run=true${withEnd(end)}`);
      expect(status).toBe(200);
      return body as unknown as Plan;
    },
    agree: ({ hash }, end) => lab.send("DELETE", `${path}?plan=${hash}${withEnd(end)}`),
    work: async (times = 12) => {
      for (let turn = 0; turn < times && !(await isGone()); turn += 1) {
        await lab.platform.functions.invoke("schedule-off-board", {}).catch(() => undefined);
        await lab.clock.run({ atMostMs: lab.clock.now() + 5 * minuteMs });
      }
    },
    isGone,
  };
};
