/** Records of evaluations as the API tells them, of which a test says what it needs. */
import type { EvaluationRecord } from "../../console/evaluation/story.ts";

export const at = (minute: number): string =>
  `2026-03-02T09:${String(minute).padStart(2, "0")}:00.000Z`;
export const ms = (minute: number): number => Date.parse(at(minute));
export const pool = (type: string, zone = "use1-az4") => ({
  region: "us-east-1",
  zone_id: zone,
  instance_type: type,
  product: "Linux/UNIX",
});

/** One instance that moves, with what a test wants otherwise. */
export const recordOf = (progress: object, rest: object = {}): EvaluationRecord =>
  ({
    status: "RUNNING",
    started_at: at(0),
    subject: { kind: "INSTANCE", instance_id: "i-0a1b2c3d4e5f60718" },
    progress: { mode: "LINEAR", ...progress },
    swaps: [
      {
        original_id: "i-0a1b2c3d4e5f60718",
        replacement: {
          instance_id: "i-0f1b2c3d4e5f60719",
          pool: pool("m6a.large"),
          launched_at: at(2),
        },
      },
    ],
    ...rest,
  }) as unknown as EvaluationRecord;
