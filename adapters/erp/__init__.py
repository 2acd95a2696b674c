"""The door to the ERP: carries out the attempts that post grants, and answers every one."""
