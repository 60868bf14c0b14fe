/** One simulated Kubernetes cluster: its API server, its controllers, and what scenarios and tests do to it from outside its API. */
import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import { ApiServer, type KubeAnswer } from "./api-server.ts";
import type { IdentitySource } from "./authentication.ts";
import { addObject, bootstrap } from "./bootstrap.ts";
import type { Admission, ControllerName, KubeContext } from "./context.ts";
import { runControllers, type Running } from "./controllers/run.ts";
import type { Joining, Machine } from "./kubelets/machines.ts";
import type { AfterHook, BeforeHook, KubeJournalEntry } from "./journal.ts";
import type { Objects, Plural } from "./kinds.ts";
import type { KubeRequest } from "./requests.ts";
import { createPki, type ClusterPki } from "./pki/certificates.ts";
import { defaultSettings, type KubeSettings } from "./settings.ts";
import { ObjectStore, type ChangeListener, type ObjectName } from "./store.ts";
import { createTime } from "./time.ts";
import { change } from "./writing.ts";

type Release = () => void;

export interface KubeCluster {
  readonly name: string;
  /** One request, as if it had come over the wire. @throws BrokenConnection where a hook broke it */
  answer(request: KubeRequest): Promise<KubeAnswer>;
  readonly journal: readonly KubeJournalEntry[];
  readonly faults: {
    /** Nothing has been done yet. Returns the hook's removal. */
    before(hook: BeforeHook): Release;
    /** The effect has happened. Returns the hook's removal. */
    after(hook: AfterHook): Release;
  };
  /** Its own authority, and the server's key. */
  readonly pki: ClusterPki;
  readonly control: KubeControl;
}

interface KubeControl {
  /** What the owner has deployed: with what the server fills in, and no question asked. */
  add: <Name extends Plural>(
    plural: Name,
    given: Parameters<typeof addObject<Name>>[2],
  ) => Objects[Name];
  get<Name extends Plural>(plural: Name, name: ObjectName): Objects[Name] | undefined;
  list<Name extends Plural>(plural: Name, namespace?: string): readonly Objects[Name][];
  /** Writes an object as it is given, if it is there: as a controller does. */
  change<Name extends Plural>(plural: Name, object: Objects[Name]): void;
  remove(plural: Plural, name: ObjectName): void;
  /** A webhook or an admission policy. */
  admit(admission: Admission): Release;
  /** A controller that is stopped goes on later where it stood. */
  stop(controller: ControllerName): void;
  start(controller: ControllerName): void;
  /** A machine that becomes a node. */
  join(machine: Machine, joining?: Joining): void;
  leave(instanceId: string, how: "STOPPED" | "TERMINATED"): void;
  /** A node that is there without a machine has no kubelet until it is started. */
  startKubelet(nodeName: string): void;
  stopKubelet(nodeName: string): void;
  /** All changes from now on. */
  onChange(listener: ChangeListener): Release;
  /** Lists and watches that began before can't go on. */
  compact(): void;
}

export interface ClusterOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly source: IdentitySource;
  readonly settings?: Partial<KubeSettings>;
}

const put = <Member>(members: Set<Member>, member: Member): Release => {
  members.add(member);
  return () => {
    members.delete(member);
  };
};

const contextOf = ({ name, clock, random, settings }: ClusterOptions): KubeContext => ({
  clusterName: name,
  time: createTime(clock),
  random: random.fork("objects"),
  settings: { ...defaultSettings, ...settings },
  store: new ObjectStore(clock),
  admissions: new Set(),
});

const controlOf = (context: KubeContext, running: Running): KubeControl => {
  const { store, time } = context;
  return {
    add: (plural, given) => addObject(context, plural, given),
    get: (plural, wanted) => {
      time.settle();
      return store.get(plural, wanted);
    },
    list: (plural, namespace) => {
      time.settle();
      return store.list(plural, namespace);
    },
    change: (plural, object) => {
      change(context, plural, object);
    },
    remove: (plural, wanted) => {
      store.remove(plural, wanted);
    },
    admit: (admission) => put(context.admissions, admission),
    stop: (controller) => {
      running.queues[controller].stop();
    },
    start: (controller) => {
      running.queues[controller].start();
    },
    join: (machine, joining = {}) => {
      running.machines.join(machine, joining);
    },
    leave: (instanceId, how) => {
      running.machines.leave(instanceId, how);
    },
    startKubelet: (nodeName) => {
      running.kubelets.start(nodeName);
    },
    stopKubelet: (nodeName) => {
      running.kubelets.stop(nodeName);
    },
    onChange: (listener) => store.onChange(listener),
    compact: () => {
      store.compact();
    },
  };
};

export const createCluster = (options: ClusterOptions): KubeCluster => {
  const { name, clock, random, source } = options;
  const context = contextOf(options);
  const running = runControllers(context);
  bootstrap(context);
  const server = new ApiServer(context, {
    source,
    pass: (milliseconds) => clock.pass(milliseconds),
    latencies: random.fork("latencies"),
  });
  return {
    name,
    answer: (request) => server.answer(request),
    journal: server.journal,
    pki: createPki(random.fork("pki")),
    faults: {
      before: (hook) => put(server.before, hook),
      after: (hook) => put(server.after, hook),
    },
    control: controlOf(context, running),
  };
};
