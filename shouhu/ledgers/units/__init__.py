"""
Who is who: the administrative tree by 12-digit division code, offices and departments, grids, posts and the people who hold them.

Written by 系统管理员 and 安全管理员 (001 三(二): 工作组, 工作专班, 联络员). Says for everybody what may be seen: a range of codes and a role.
"""
