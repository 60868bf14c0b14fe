/**
 * One run of a function in a process of its own. Whoever is called by it can ask who calls, also where functions run at
 * the same time or one within the other, and can end its process: from then on it does nothing more.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Table } from "../../adapters/store/table.ts";
import type { FunctionName } from "../../lambdas/access/functions.ts";
import type { Cloud } from "../cloud/dispatch.ts";
import type { KubeCluster } from "../cloud/kubernetes/cluster.ts";
import { FunctionKilled } from "../interpreter/failures.ts";

const current = new AsyncLocalStorage<Invocation>();

/** Whose call this is; undefined for the API's, and for those of nobody. */
export const currentInvocation = (): Invocation | undefined => current.getStore();

/** What a laboratory looks at while a function runs is not the function's call. */
export const outsideInvocations = <Answer>(act: () => Answer): Answer => current.exit(act);

const isDead = (): boolean => current.getStore()?.isKilled === true;

const never = new Promise<never>(() => undefined);

export class Invocation {
  readonly name: FunctionName;
  #isKilled = false;
  #onKill: (error: FunctionKilled) => void = () => undefined;

  constructor(name: FunctionName) {
    this.name = name;
  }

  get isKilled(): boolean {
    return this.#isKilled;
  }

  /** @throws FunctionKilled once it is killed, whatever the function still does */
  run<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    const killed = new Promise<never>((_resolve, reject) => {
      this.#onKill = reject;
    });
    return Promise.race([current.run(this, act), killed]);
  }

  kill(): void {
    this.#isKilled = true;
    this.#onKill(new FunctionKilled(`${this.name}: Runtime exited with error: signal: killed`));
  }
}

/** A dead process makes no call, and learns no answer of those that were under way. */
const whileAlive = async <Answer>(act: () => Promise<Answer>): Promise<Answer> => {
  if (isDead()) return never;
  const answer = await act();
  return isDead() ? never : answer;
};

/** The cloud as functions see it. */
export const cloudOfTheLiving = (cloud: Cloud): Cloud => ({
  ...cloud,
  call: (request) => whileAlive(() => cloud.call(request)),
});

/** A cluster as functions see it. */
export const clusterOfTheLiving = (cluster: KubeCluster): KubeCluster => ({
  ...cluster,
  answer: (request) => whileAlive(() => cluster.answer(request)),
});

/** The table as functions see it. */
export const tableOfTheLiving = (table: Table): Table => ({
  name: table.name,
  packing: table.packing,
  get: (key, reading) => whileAlive(() => table.get(key, reading)),
  put: (item, condition) => whileAlive(() => table.put(item, condition)),
  delete: (key, condition) => whileAlive(() => table.delete(key, condition)),
  query: (input) => whileAlive(() => table.query(input)),
});
