/** Jest's reporter that says, after all tests, what each part of the product took of its budget: seconds on every core of an idle machine. */

interface Budget {
  readonly name: string;
  /** Of all workers together, divided by their number. */
  readonly seconds: number;
  /** Of the test files below `test/`; the first budget that has a file pays for it. */
  readonly has: RegExp;
}

/** The sum is what `npm test` may take on two idle cores. */
export const budgets: readonly Budget[] = [
  { name: "KUBERNETES", seconds: 20, has: /kubernetes|\/eks\/|\/(node|pod)-/ },
  { name: "CLUSTER", seconds: 20, has: /\/cluster|\/autoscaling\/|\/groups?\b/ },
  {
    name: "interruptions",
    seconds: 10,
    has: /interruption|\/recover|\/respon|back-to-on-demand|data-back|way-back|return-capacity|\/storm|\/signals\/|quarantine/,
  },
  { name: "fleet", seconds: 5, has: /\/fleet|preflight|sweep-place|spot-inventory/ },
  {
    name: "governance and ledger",
    seconds: 15,
    has: /\/waste|\/enforce|approv|governance|\/ledger|\/billing|reconcile|\/notice|savings/,
  },
  { name: "LINEAR and the rest", seconds: 100, has: /^/ },
];

interface TestFile {
  readonly testFilePath: string;
  /** How long one worker had it, in milliseconds. */
  readonly perfStats: { readonly runtime: number };
}

const nameBelowTest = (path: string): string =>
  path.replaceAll("\\", "/").replace(/^.*?\/test\//, "");

const budgetOf = (path: string): Budget | undefined =>
  budgets.find(({ has }) => has.test(nameBelowTest(path)));

/** @returns a line for each budget */
export const tellBudgets = (files: readonly TestFile[], workers: number): readonly string[] =>
  budgets.map((budget) => {
    const own = files.filter(({ testFilePath }) => budgetOf(testFilePath) === budget);
    const took = own.reduce((sum, { perfStats }) => sum + perfStats.runtime, 0) / 1000 / workers;
    const is = took > budget.seconds ? "over" : "within";
    return `${budget.name}: ${took.toFixed(1)} s of ${String(workers)} workers, ${is} its ${String(budget.seconds)} s`;
  });

/** What Jest makes of the file that its configuration names. */
export default class Budgets {
  readonly #workers: number;

  constructor({ maxWorkers }: { readonly maxWorkers: number }) {
    this.#workers = maxWorkers;
  }

  /** Nothing where a part of the tests was run. */
  onRunComplete(
    _contexts: unknown,
    { testResults }: { readonly testResults: readonly TestFile[] },
  ): void {
    const hasAll = budgets.every((budget) =>
      testResults.some(({ testFilePath }) => budgetOf(testFilePath) === budget),
    );
    if (hasAll) process.stderr.write(`${tellBudgets(testResults, this.#workers).join("\n")}\n`);
  }
}
