import { Meeting } from "./meeting.js";

/** Ann and Bob, who are connected in the world of a test. */
export async function connected(world) {
  const ann = new Meeting("https://registry.test", () => false);
  const bob = new Meeting("https://registry.test", (time) => time === "noon");
  const invitation = await world.settle(ann.invite("Ann"));
  await world.settle(bob.accept(invitation, "Bob"));
  await world.settle(Promise.all([ann.begin(), bob.begin()]));
  return { ann, bob };
}
