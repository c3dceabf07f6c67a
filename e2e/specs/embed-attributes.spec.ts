/** The attributes of the element, and the properties that frameworks set in their place. */
import { connectElement, expect, frameOf, openParent, outcome, test, withElement } from '../support/embedding.ts';

test('properties that a framework sets become attributes, before and after the element is defined', async ({
  registry,
  site,
  blank,
}) => {
  const early = `<registry-harness></registry-harness><script>
      Object.assign(document.querySelector('registry-harness'), { as: 'guest', room: 'ABCD2345', join: '123456', name: 'Bob' });
    </script>`;
  await openParent(blank.page, site, early + withElement(registry.url).replace(/<registry.*/, ''));
  const panel = blank.page.frameLocator('iframe').getByTestId('guest-interface');
  await expect(panel.getByTestId('guest-room-code')).toHaveValue('ABCD2345');
  await expect(panel.getByTestId('guest-join-code')).toHaveValue('123456');
  await expect(panel.getByTestId('guest-username')).toHaveValue('Bob');
  const late = await blank.page.evaluate(() => {
    const harness = document.createElement('registry-harness') as unknown as Record<string, unknown> & HTMLElement;
    const values = { as: 'guest', room: 'WXYZ2345', join: '654321', name: 'Eve', accent: '#7a1f5c', stun: '', theme: 'dark' };
    // As React 19 and Vue 3 do.
    const addresses = { registry: 'https://r.example', src: 'https://s.example' };
    for (const [name, value] of Object.entries({ ...values, ...addresses, auto: true })) {
      if (name in harness) harness[name] = value;
    }
    const all = () => Object.fromEntries([...harness.attributes].map(({ name, value }) => [name, value]));
    const set = all();
    for (const name of ['auto', 'registry', 'src', 'room']) harness[name] = null;
    harness['auto'] = false;
    harness.setAttribute('auto', 'false');
    const isOff = harness['auto'] === false;
    harness.removeAttribute('auto');
    const left = Object.keys(all()).sort();
    return { set, isOff, left, room: harness['room'], join: typeof harness['join'], name: harness['name'] };
  });
  expect(late.set).toEqual({
    as: 'guest', room: 'WXYZ2345', join: '654321', name: 'Eve', accent: '#7a1f5c', stun: '', theme: 'dark',
    auto: '', registry: 'https://r.example', src: 'https://s.example',
  });
  expect(late).toMatchObject({ isOff: true, left: ['accent', 'as', 'join', 'name', 'stun', 'theme'] });
  expect(late).toMatchObject({ room: null, join: 'function', name: 'Eve' });
});

test('the attribute role of earlier versions is still understood', async ({ registry, site, blank }) => {
  await openParent(blank.page, site, withElement(registry.url, 'role="guest"'));
  await expect(blank.page.frameLocator('iframe').getByTestId('guest-interface')).toBeVisible();
  await openParent(blank.page, site, withElement(registry.url, 'role="region" as="host"'));
  await expect(blank.page.frameLocator('iframe').getByTestId('host-interface')).toBeVisible();
  await expect(blank.page.frameLocator('iframe').getByTestId('link-refused')).toHaveCount(0);
});

test('theme and accent change at once, and nothing is loaded again', async ({ registry, site, blank }) => {
  await openParent(blank.page, site, withElement(registry.url, 'as="host" theme="light" accent="7a1f5c"'));
  const frame = blank.page.frameLocator('iframe');
  const button = frame.getByTestId('create-room-btn');
  await expect(button).toHaveCSS('background-color', 'rgb(122, 31, 92)');
  await frame.getByTestId('host-username').fill('Typed');
  await blank.page.evaluate(() => {
    const harness = document.querySelector('registry-harness')!;
    harness.setAttribute('theme', 'dark');
    harness.setAttribute('accent', '#ffe600');
  });
  await expect(button).toHaveCSS('background-color', 'rgb(255, 230, 0)');
  await expect(button).toHaveCSS('color', 'rgb(0, 0, 0)');
  expect(await frameOf(blank.page).evaluate(() => getComputedStyle(document.documentElement).colorScheme)).toBe('dark');
  await blank.page.evaluate(() => document.querySelector('registry-harness')!.removeAttribute('accent'));
  await expect(button).not.toHaveCSS('background-color', 'rgb(255, 230, 0)');
  await expect(frame.getByTestId('host-username')).toHaveValue('Typed');
  // Also while the frame is loading.
  await blank.page.evaluate(() => {
    const harness = document.querySelector('registry-harness')!;
    harness.remove();
    document.body.append(harness);
    harness.setAttribute('accent', '00ff00');
  });
  await expect(button).toHaveCSS('background-color', 'rgb(0, 255, 0)');
});

test('a name and codes that change apply at once without a room, and after it with one', async ({
  registry,
  site,
  blank,
  guest: peer,
}) => {
  await openParent(blank.page, site, withElement(registry.url, 'as="guest" name="Bob"'));
  const frame = blank.page.frameLocator('iframe');
  await expect(frame.getByTestId('guest-username')).toHaveValue('Bob');
  await blank.page.evaluate(() => {
    const harness = document.querySelector('registry-harness')!;
    const values = { name: 'Ben', room: 'ABCD2345', join: '123456' };
    for (const [name, value] of Object.entries(values)) harness.setAttribute(name, value);
  });
  await expect(frame.getByTestId('guest-username')).toHaveValue('Ben');
  await expect(frame.getByTestId('guest-room-code')).toHaveValue('ABCD2345');

  await connectElement(blank, peer);
  await blank.page.evaluate(() => document.querySelector('registry-harness')!.setAttribute('name', 'Bea'));
  expect(await outcome(blank.page, (harness) => harness.send('still connected'))).toBe('ok');
  await expect(peer.messagesFrom('peer')).toHaveCount(1);
  expect(await outcome(blank.page, (harness) => harness.close())).toBe('ok');
  await expect(frame.getByTestId('guest-username')).toHaveValue('Bea');
});

test('what is wrong with an attribute is an error event', async ({ registry, site, blank }) => {
  await openParent(blank.page, site, withElement(registry.url));
  const heard = await blank.page.evaluate(() => {
    const harness = document.createElement('registry-harness');
    harness.setAttribute('name', 'two words');
    const heard = new Promise((resolve) => harness.addEventListener('error', ({ detail }) => resolve(detail)));
    document.body.append(harness);
    return heard;
  });
  expect(heard).toMatchObject({ code: 'bad_argument', message: expect.stringContaining('name') });
});
