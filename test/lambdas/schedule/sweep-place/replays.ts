/** Runs of verdicts of a target as the API tells them, and each judged again. */
import { expect } from "@jest/globals";
import type { SweepLab } from "./place-lab.ts";

export interface RunJson {
  readonly kind: string;
  readonly count: number;
  readonly first_at: string;
}

export const runsOf = async (
  { account: { api } }: SweepLab,
  targetId: string,
): Promise<readonly RunJson[]> => {
  const page = JSON.parse(await api.getText(`/lab/instances/${targetId}/runs`)) as {
    readonly current?: RunJson;
    readonly items: readonly RunJson[];
  };
  const runs = [...page.items, ...(page.current === undefined ? [] : [page.current])];
  return runs.toSorted((one, other) => (one.first_at < other.first_at ? -1 : 1));
};

const replay = async (
  { account: { api } }: SweepLab,
  targetId: string,
  body: unknown,
): Promise<unknown> => {
  const path = `/lab/instances/${targetId}/runs/replay`;
  const { status, text } = await api.send({ method: "POST", path, body });
  expect(status).toBe(200);
  return JSON.parse(text);
};

/** The first and the last of each run, byte for byte. @returns the runs, the oldest first */
export const replayAll = async (lab: SweepLab, targetId: string): Promise<readonly RunJson[]> => {
  const runs = await runsOf(lab, targetId);
  for (const { first_at } of runs) {
    for (const verdict of ["FIRST", "LAST"]) {
      const answer = await replay(lab, targetId, { first_at, verdict });
      expect(answer).toMatchObject({ target_id: targetId, identical: true });
    }
  }
  return runs;
};
