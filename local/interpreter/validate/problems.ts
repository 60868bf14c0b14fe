/** What is wrong with a definition, and the refusal that says it. */

export interface DefinitionProblem {
  /** Absent if it is about the machine itself. */
  readonly state?: string;
  readonly field: string;
  readonly problem: string;
}

/** Reports a problem; `field` is a path inside of the state, for instance `Retry[0].MaxAttempts`. */
export type Report = (field: string, problem: string) => void;

const sentence = ({ state, field, problem }: DefinitionProblem): string =>
  state === undefined ? `${field} ${problem}` : `state "${state}": ${field} ${problem}`;

/** The definition is not within the portable subset of the Amazon States Language. */
export class DefinitionRefused extends Error {
  override readonly name = "DefinitionRefused";
  readonly problems: readonly DefinitionProblem[];

  constructor(machine: string, problems: readonly DefinitionProblem[]) {
    super(`State machine ${machine} is refused: ${problems.map(sentence).join("; ")}.`);
    this.problems = problems;
  }
}
