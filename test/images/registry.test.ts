import TABLE from '../../lib/images/registry-table.json';
import { accountIn, accountsOf } from '../../lib/images/registry';

describe('Registries of SageMaker', () => {
  test('have an account of twelve digits in each Region once', () => {
    for (const { accounts } of Object.values(TABLE)) {
      expect(Object.keys(accounts).filter((account) => !/^\d{12}$/.test(account))).toEqual([]);
      const regions = Object.values(accounts).flatMap((text) => text.split(' '));
      expect(new Set(regions).size).toBe(regions.length);
    }
  });

  test('are in some of the Regions of another, named or left out', () => {
    expect(Object.keys(accountsOf('dlc'))).toHaveLength(42);
    expect(Object.keys(accountsOf('dlc/pytorch')).filter((region) => region.startsWith('us-isof'))).toEqual([]);
    expect(Object.keys(accountsOf('dlc/eia'))).toHaveLength(12);
    expect(accountsOf('dlc/eia')['eu-west-1']).toBe('763104351884');
    for (const [name, { accounts, ...rest }] of Object.entries(TABLE)) {
      const known = Object.values(accounts).flatMap((text) => text.split(' '));
      for (const [part, text] of Object.entries('some' in rest ? rest.some : {})) {
        expect(text.replace(/^(only|all but) /, '').split(' ').filter((region) => !known.includes(region))).toEqual([]);
        expect(Object.keys(accountsOf(`${name}/${part}`)).length).toBeLessThan(known.length);
      }
    }
  });

  test('keep the zeros that an account begins with', () => {
    expect(accountIn('pytorch', 'dlc/pytorch', 'us-isob-east-1')).toBe('094389454867');
  });
});
