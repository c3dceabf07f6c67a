/**
 * Two machines and the Registry on one switch: network namespaces joined by a bridge, which can fail in many ways.
 *
 * The bridge is in the namespace in which the tests run, which `cargo xtask` creates. Each machine's namespace belongs
 * to an idle process, so everything disappears with the tests, however they end.
 */
import type { ChildProcess } from 'node:child_process';

import { run, start, type Program } from '../support/programs.ts';

const BRIDGE = 'switch';
const SUBNET = '10.99.0';

/** The address of the Registry, which is also the machines' default route. */
export const REGISTRY_ADDRESS = `${SUBNET}.1`;

const ip = (line: string) => run('ip', line.split(' '));

/** Whether the tests run in their own network namespace; otherwise they would change the host's network. */
export const isOwn = () => process.env.OWN_NETWORK === '1';

/** A machine on the switch, in which a browser can run. */
export class Machine {
  readonly name: string;
  readonly #sleeper: ChildProcess;
  #address: string;

  private constructor(name: string, address: string, sleeper: ChildProcess) {
    this.name = name;
    this.#address = address;
    this.#sleeper = sleeper;
  }

  static async start(name: string, number: number): Promise<Machine> {
    // The process prints a line once it is in its namespace, and exits with the tests when its input closes.
    const shell: Program = 'sh';
    const sleeper = start('unshare', ['--net', shell, '-c', 'echo up; read end'], ['pipe', 'pipe', 'inherit']);
    await new Promise((resolve, reject) => {
      sleeper.stdout!.once('data', resolve);
      sleeper.once('exit', () => reject(new Error(`there is no namespace for ${name}`)));
    });
    const machine = new Machine(name, `${SUBNET}.${number}`, sleeper);
    ip(`link add ${name} type veth peer name eth0 netns ${sleeper.pid}`);
    ip(`link set ${name} master ${BRIDGE} up`);
    machine.#inside('link set lo up');
    // An IPv6 address would appear a moment later, and Chromium would abort its requests because the network changed.
    machine.#inside('link set eth0 addrgenmode none');
    machine.linkUp();
    return machine;
  }

  get pid(): number {
    return this.#sleeper.pid!;
  }

  #inside(line: string): void {
    const program: Program = 'ip';
    run('nsenter', [`--net=/proc/${this.pid}/ns/net`, program, ...line.split(' ')]);
  }

  #configure(): void {
    this.#inside(`addr add ${this.#address}/24 dev eth0`);
    this.#inside(`route add default via ${REGISTRY_ADDRESS}`);
  }

  /** Disconnects the machine silently: the link seems to be up. */
  unplug(): void {
    ip(`link set ${this.name} nomaster`);
  }

  plug(): void {
    ip(`link set ${this.name} master ${BRIDGE}`);
  }

  /** Takes the link down, which the browser notices. */
  linkDown(): void {
    this.#inside(`addr del ${this.#address}/24 dev eth0`);
    this.#inside('link set eth0 down');
  }

  linkUp(): void {
    this.#inside('link set eth0 up');
    this.#configure();
  }

  /** Moves to another network: the old address no longer works. */
  changeAddress(number: number): void {
    this.#inside(`addr del ${this.#address}/24 dev eth0`);
    this.#address = `${SUBNET}.${number}`;
    this.#configure();
  }

  stop(): void {
    // A namespace takes a while to disappear, and its name is reused.
    ip(`link del ${this.name}`);
    this.#sleeper.stdin!.end();
  }
}

export class Network {
  readonly machines: [Machine, Machine];

  private constructor(machines: [Machine, Machine]) {
    this.machines = machines;
  }

  static async start(): Promise<Network> {
    // With a forwarding delay, a reconnected port would stay blocked for that long.
    ip(`link add ${BRIDGE} type bridge forward_delay 0`);
    ip(`addr add ${REGISTRY_ADDRESS}/24 dev ${BRIDGE}`);
    ip('link set lo up');
    ip(`link set ${BRIDGE} up`);
    run('nft', ['add table bridge faults']);
    run('nft', ['add chain bridge faults path { type filter hook forward priority 0; }']);
    return new Network([await Machine.start('host', 2), await Machine.start('guest', 3)]);
  }

  /** Drops packets between the two machines that match `rule`; the Registry stays reachable for both. */
  lose(rule: string): void {
    run('nft', [`add rule bridge faults path ${rule} drop`]);
  }

  /** Drops all UDP, also that to the Registry's address. */
  blockUdp(): void {
    this.lose('meta l4proto udp');
    run('nft', ['add chain bridge faults inward { type filter hook input priority 0; }']);
    run('nft', ['add rule bridge faults inward meta l4proto udp drop']);
  }

  loseNothing(): void {
    run('nft', ['flush chain bridge faults path']);
  }

  stop(): void {
    for (const machine of this.machines) machine.stop();
    run('nft', ['delete table bridge faults']);
    ip(`link del ${BRIDGE}`);
  }
}
