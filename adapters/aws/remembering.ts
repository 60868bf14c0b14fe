/** A client that asks each question once, for many things of one place that are looked at one after the other. */

interface Question {
  readonly input: object;
}

/** EC2's own dry runs are about a launch: each is asked for itself. */
const isDryRun = ({ input }: Question): boolean => "DryRun" in input && input.DryRun === true;

/**
 * The same client, whose answers to the same request are kept for as long as it is. For reading alone: a change that is made twice
 * would be made once. A refusal is not kept.
 */
export const remembering = <Client extends object>(client: Client): Client => {
  const ask = Reflect.get(client, "send") as (question: Question) => Promise<unknown>;
  const answers = new Map<unknown, Map<string, Promise<unknown>>>();
  const send = (question: Question): Promise<unknown> => {
    if (isDryRun(question)) return ask.call(client, question);
    const known = answers.get(question.constructor) ?? new Map<string, Promise<unknown>>();
    answers.set(question.constructor, known);
    const key = JSON.stringify(question.input);
    const answer =
      known.get(key) ??
      ask.call(client, question).catch((error: unknown) => {
        known.delete(key);
        throw error;
      });
    known.set(key, answer);
    return answer;
  };
  return new Proxy(client, {
    get: (target, property): unknown =>
      property === "send" ? send : Reflect.get(target, property),
  });
};
