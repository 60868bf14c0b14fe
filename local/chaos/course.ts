/** The shape of a course: what a case goes through, and what is told of it in the end. */
import type { LabOptions } from "../lab/lab.ts";
import type { Scene } from "./disturbance.ts";

/** How a case runs: one evaluation, or days in which sweep, janitor and operator come by. */
export interface Course {
  readonly sentence: string;
  readonly options: LabOptions;
  readonly run: (scene: Scene, begin: () => void) => Promise<CourseEnd>;
}

export interface CourseEnd {
  readonly status: string;
  readonly complaints: readonly string[];
}
