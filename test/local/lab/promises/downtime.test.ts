import { describe, expect, it } from "@jest/globals";
import { runCase } from "../../../../local/chaos/case.ts";
import type { Judged } from "../../../../local/lab/promises/promise.ts";
import { downtimeIsTrue } from "../../../../local/lab/promises/record/downtime.ts";

const beginMs = Date.parse("2026-03-02T09:00:00Z");
const at = (seconds: number): number => beginMs + seconds * 1000;

interface Seen {
  /** Recorded, seconds. */
  readonly told: number;
  /** The address came back after so many seconds; it went at 0. */
  readonly back: number;
  /** And the load balancers were answered after so many. */
  readonly answered: number;
  /** When we called, seconds. */
  readonly calls: readonly number[];
}

const complaints = ({ told, back, answered, calls }: Seen): readonly string[] =>
  downtimeIsTrue({
    lab: {
      watch: {
        unserved: {
          secondsIn: () => back,
          unansweredSecondsIn: () => answered,
          lossesAtMs: [beginMs],
          backAtMs: at(back),
          answeredAtMs: at(answered),
        },
      },
      platform: {
        cloud: { journal: calls.map((seconds) => ({ at: at(seconds), sessionName: "evl-1" })) },
      },
    },
    ending: {
      evaluationId: "evl-1",
      evaluation: {
        startedAt: new Date(beginMs).toISOString(),
        endedAt: new Date(at(9_000)).toISOString(),
        downtimeSeconds: told,
        progress: {},
      },
    },
    end: "FELL_BACK",
  } as unknown as Judged);

/** We look for twenty minutes, and again once a person has decided; it answers in between. */
const awaited = { back: 90, answered: 2_000, calls: [95, 500, 1_290, 5_000, 5_010] };

describe("the record's downtime", () => {
  it("may end at our next look where nobody looked while a person was awaited", () => {
    expect(complaints({ ...awaited, told: 5_000 })).toEqual([]);
  });

  it("is too long where we have looked meanwhile, or look on after that", () => {
    const spelt = ["5000 s of downtime are recorded, and 90 s were seen"];
    expect(complaints({ ...awaited, calls: [95, 2_100, 5_000], told: 5_000 })).toEqual(spelt);
    expect(complaints({ ...awaited, answered: 90, calls: [95, 160, 5_000], told: 5_000 })).toEqual(
      spelt,
    );
    expect(complaints({ ...awaited, told: 5_200 })).toHaveLength(1);
  });

  it("is too short where more was seen", () => {
    expect(complaints({ ...awaited, told: 20 })).toHaveLength(1);
  });

  it("is true of a way back that a person resumes (seed 8, case 618)", async () => {
    expect((await runCase({ seed: 8, number: 618 })).violations).toEqual([]);
  });
});
