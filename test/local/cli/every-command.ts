/** A row for each command of the tree: what is typed behind it. A new command fails a test until it has one. */

export interface Known {
  readonly targetId: string;
  readonly instanceId: string;
  readonly evaluationId: string;
  readonly accountId: string;
}

/** In an order in which each can be carried out, one after the other, on one account with one target that was evaluated. */
export const everyCommand: Readonly<Record<string, (known: Known) => readonly string[]>> = {
  "spot health": () => [],
  "spot kill-switch show": () => [],
  "spot kill-switch on": () => ["--reason", "Incident 4711", "--yes"],
  "spot kill-switch off": () => ["--reason", "Incident 4711 is over", "--yes"],
  "spot targets list": () => [],
  "spot targets show": ({ targetId }) => [targetId],
  "spot targets set": ({ targetId }) => [targetId, "--set", "max_risk=0.1"],
  "spot targets add": ({ instanceId, accountId }) => [instanceId, "--account", accountId],
  "spot accounts list": () => [],
  "spot accounts show": ({ accountId }) => [accountId],
  "spot accounts add": () => ["111122224444", "--name", "Another", "--regions", "us-east-1"],
  "spot accounts set": ({ accountId }) => [accountId, "--max-switches", "3"],
  "spot accounts verify": ({ accountId }) => [accountId],
  "spot accounts template": ({ accountId }) => [accountId],
  "spot preflight": ({ accountId }) => [accountId],
  "spot show": ({ evaluationId }) => [evaluationId],
  "spot replay": ({ evaluationId }) => [evaluationId],
  "spot evaluations list": () => [],
  "spot evaluate": ({ targetId }) => [targetId],
  "spot targets remove": ({ targetId }) => [targetId, "--yes"],
  "spot accounts remove": () => ["111122224444", "--yes"],
};
