/** What is wrong with a definition, and the refusal that says it. */

export interface Finding {
  /** Absent if it is about the machine itself. */
  readonly state?: string;
  readonly field: string;
  readonly problem: string;
}

/** Tells one finding; `field` is a path inside of the state, for instance `Retry[0].MaxAttempts`. */
export type Report = (field: string, problem: string) => void;

const sentence = ({ state, field, problem }: Finding): string =>
  state === undefined ? `${field} ${problem}` : `state "${state}": ${field} ${problem}`;

/** The definition is not within the portable subset of the Amazon States Language. */
export class DefinitionRefused extends Error {
  override readonly name = "DefinitionRefused";
  readonly findings: readonly Finding[];

  constructor(machine: string, findings: readonly Finding[]) {
    super(`State machine ${machine} is refused: ${findings.map(sentence).join("; ")}.`);
    this.findings = findings;
  }
}
