-- Failed sign-ins decay: a part of one may be left. Accounts, addresses, both together, and known devices are counted.
alter table sign_in_failure alter column failures type float8;
